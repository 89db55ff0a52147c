/** Many runs at once: how they are found, compared, and how a way of looking at them is kept. */
import { z } from 'zod'
import { instantSchema, pageQuerySchema, pageSchema } from './names.ts'
import { parametersSchema, type RunStatus, runSchema, runStatusSchema, runSummarySchema } from './runs.ts'

const conditionPattern = /^\s*(.+?)\s*(>=|<=|>|<|=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/

export const metricOperatorSchema = z.enum(['>', '>=', '<', '<=', '='])

/** A condition on a metric, written as `auc > 0.63`. */
export const metricConditionSchema = z
  .string()
  .regex(conditionPattern, 'must have the form "<metric> <operator> <number>", such as "auc > 0.63"')
  .transform((text) => {
    const [, name = '', operator, value] = conditionPattern.exec(text) ?? []
    return { name, operator: metricOperatorSchema.parse(operator), value: Number(value) }
  })
export type MetricCondition = z.output<typeof metricConditionSchema>

/** What runs are ordered by. Of a duration or a metric, only the runs that have one are listed. */
export const runSortSchema = z
  .string()
  .regex(/^(newest|duration|metric:.+)$/, 'must be newest, duration or metric:<name>')
  .describe('newest, duration or metric:<name>; the latter two list only the runs that have one.')

/** The issue names the whole of the query's value, as the caller wrote it. */
function statusOr(text: string, context: z.RefinementCtx): RunStatus {
  const status = runStatusSchema.safeParse(text).data
  if (status !== undefined) return status
  context.issues.push({ code: 'invalid_value', values: [...runStatusSchema.options], input: text })
  return z.NEVER
}

export const runListQuerySchema = pageQuerySchema.extend({
  projectId: z.string().optional(),
  pipeline: z.string().optional(),
  status: z
    .string()
    .transform((text, context) => text.split(',').map((part) => statusOr(part, context)))
    .optional()
    .describe('One status, or several with commas between.'),
  startedBy: z.string().optional(),
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Part of the id, the pipeline or the text of the parameters; upper and lower case are the same.'),
  createdFrom: z.coerce.number().int().optional().describe('Not older than this instant.'),
  createdTo: z.coerce.number().int().optional().describe('Older than this instant.'),
  metric: metricConditionSchema.optional().describe('A condition such as auc > 0.63.'),
  sort: runSortSchema.default('newest'),
  direction: z.enum(['descending', 'ascending']).default('descending'),
})

export const runListItemSchema = runSummarySchema.extend({ parameters: parametersSchema })
export type RunListItem = z.infer<typeof runListItemSchema>

export const runListPageSchema = pageSchema(runListItemSchema).extend({
  /** How many runs the filter matches, those of other pages included. Only the first page tells. */
  total: z.number().int().optional(),
})
export type RunListPage = z.infer<typeof runListPageSchema>

/** What the runs of the home can be filtered and sorted by. */
export const runFacetsSchema = z.object({ metrics: z.array(z.string()), startedBy: z.array(z.string()) })
export type RunFacets = z.infer<typeof runFacetsSchema>

/** A step as the run executes it: parameters filled in, defaults of the options included. */
export const runPlanStepSchema = z.object({
  name: z.string(),
  component: z.string(),
  options: parametersSchema,
  /** Input name to the outputs that it reads. */
  inputs: z.record(z.string(), z.array(z.object({ step: z.string(), output: z.string() }))),
  when: z.string().nullable(),
  cache: z.boolean(),
})
export const runPlanSchema = z.object({ useCache: z.boolean(), steps: z.array(runPlanStepSchema) })
export type RunPlan = z.infer<typeof runPlanSchema>

export const maxComparedRuns = 50

/** A measured series, thinned where it is long. */
export const curveSeriesSchema = z.object({
  runId: z.string(),
  step: z.string(),
  name: z.string(),
  points: z.array(z.object({ x: z.number(), y: z.number() })),
})
export type CurveSeries = z.infer<typeof curveSeriesSchema>

export const runComparisonSchema = z.object({
  /** In the order in which they were asked for. */
  runs: z.array(z.object({ run: runSchema, plan: runPlanSchema })),
  series: z.array(curveSeriesSchema),
})
export type RunComparison = z.infer<typeof runComparisonSchema>

const viewNameSchema = z.string().trim().min(1).max(100)
export const viewNameParams = z.object({ name: viewNameSchema })

/** A way of looking at the runs: filters, order and columns, as the address of the page writes them. */
export const runViewSchema = z.object({
  name: viewNameSchema,
  filter: z.record(z.string().max(100), z.string().max(1_000)).refine((filter) => Object.keys(filter).length <= 50),
  savedAt: instantSchema,
})
export type RunView = z.infer<typeof runViewSchema>
