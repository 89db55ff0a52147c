import { z } from 'zod'
import { mainMetric } from '#shared/metrics.ts'
import { type Evaluation, evaluationSchema } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { defineComponent, type InputArtifact, type StepContext } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { evaluate } from '../training/evaluate.ts'
import { writeJson } from '../training/package.ts'
import { loadRawRows } from '../training/prepare.ts'
import { loadModel } from '../training/runtime.ts'
import { type Champion, type GateRules, judge } from '../training/verdict.ts'
import { fileOf, readJsonFile } from './artifact-files.ts'
import { modelReferences } from './model-references.ts'

const metricSchema = z.enum(['auc', 'accuracy', 'f1', 'macroF1', 'r2', 'logLoss', 'brier', 'rmse', 'mae'])

const optionsSchema = z.strictObject({
  thresholds: z
    .partialRecord(metricSchema, z.number())
    .default({})
    .describe('Limits by metric: the least auc, accuracy, f1, macroF1 or r2, the most logLoss, brier, rmse or mae.'),
  against: z
    .string()
    .regex(/^[^@/\s]+@[^@/\s]+$/, 'must have the form model@alias, such as flight-delay@champion')
    .optional()
    .describe(
      'The version to beat, such as flight-delay@champion. It is scored again on the very rows of the evaluation.',
    ),
  metric: metricSchema
    .optional()
    .describe('What to compare by. Default: auc (binary), accuracy (multiclass), rmse (regression).'),
  minImprovement: z.number().default(0).describe('By how much the candidate must be better; negative allows a loss.'),
  slices: z
    .strictObject({
      column: z.string().describe('One of the slices of the evaluation.'),
      maxDrop: z
        .number()
        .min(0)
        .describe('The most that the metric may be worse in any slice than that of the version to beat.'),
      minRows: z.number().int().min(1).default(100).describe('Smaller slices are not compared.'),
    })
    .optional(),
})
type GateOptions = z.output<typeof optionsSchema>

/** Never fails for a rejection: the verdict says so, and later steps act on it. */
export const gate = defineComponent({
  name: 'model/gate',
  version: '1',
  summary: 'Blesses or rejects a model by thresholds and by comparison with the version in use.',
  inputs: { evaluation: { types: ['evaluation'], summary: 'The evaluation of the candidate.' } },
  outputs: { verdict: { type: 'verdict', summary: 'verdict.json: blessed or not, every check, and why.' } },
  options: optionsSchema,
  cacheable: false,
  references: ({ against }) => modelReferences(against),
  async run(context) {
    const { options } = context
    const input = context.input('evaluation')
    const candidate = await readJsonFile(input, 'evaluation.json', evaluationSchema)
    checkOptions(options, candidate)
    const metric = options.metric ?? mainMetric[candidate.task]
    const rules: GateRules = {
      thresholds: options.thresholds,
      ...(options.against !== undefined && {
        comparison: {
          reference: options.against,
          champion: await scoreChampion(context, options.against, input),
          metric,
          minImprovement: options.minImprovement,
        },
      }),
      ...(options.slices !== undefined && { slices: { ...options.slices, metric } }),
    }
    const verdict = judge(candidate, rules)
    await writeJson(context.output('verdict').path('verdict.json'), verdict)
    context.log(`${verdict.blessed ? 'Blessed' : 'Rejected'}: ${verdict.reason}`, verdict.blessed ? 'info' : 'warning')
    context.value('blessed', verdict.blessed)
    context.value('reason', verdict.reason)
  },
})

/** That the metrics and slices asked about exist in the evaluation, whatever their values. */
function checkOptions(options: GateOptions, { task, slices, metrics }: Evaluation): void {
  const known = taskMetrics[task]
  const asked = [...Object.keys(options.thresholds), ...(options.metric === undefined ? [] : [options.metric])]
  const wrong = asked.find((metric) => !known.includes(metric))
  if (wrong !== undefined) {
    const nearest = nearestName(wrong, Object.keys(metrics))
    throw new EsteiraError('parameter-invalid', `A ${task} evaluation has no metric "${wrong}".`, {
      where: 'thresholds',
      found: wrong,
      allowed: known.join(', '),
      ...(nearest !== undefined && { nearest }),
    })
  }
  const columns = [...new Set(slices.map(({ column }) => column))]
  const column = options.slices?.column
  if (column !== undefined && !columns.includes(column)) {
    throw new EsteiraError('parameter-invalid', `The evaluation has no slices by "${column}".`, {
      where: 'slices.column',
      found: column,
      allowed: columns.join(', ') || 'none',
      next: `Add "${column}" to the slices of model/evaluate.`,
    })
  }
}

const taskMetrics: Record<Evaluation['task'], readonly string[]> = {
  binary: ['auc', 'accuracy', 'f1', 'logLoss', 'brier'],
  multiclass: ['accuracy', 'macroF1', 'logLoss'],
  regression: ['rmse', 'mae', 'r2'],
}

/** Scores the version in use on the rows of the evaluation. Undefined if there is none yet. */
async function scoreChampion(
  context: StepContext<GateOptions>,
  reference: string,
  input: InputArtifact,
): Promise<Champion | undefined> {
  const resolved = await context.services.resolveModel(reference)
  if (resolved === undefined) return undefined
  const [model = '', alias = ''] = reference.split('@')
  const identity = { model, alias, version: resolved.version.version }
  context.progress(0.2, `scoring ${reference} (version ${identity.version}) on the same rows`)
  try {
    return { ...identity, evaluation: await evaluateVersion(context, resolved.files, fileOf(input, 'test.parquet')) }
  } catch (error) {
    // A version that cannot read today's data loses its say, but must not end the run: a person decides.
    if (!(error instanceof EsteiraError) || error.code === 'cancelled') throw error
    return { ...identity, problem: error.message }
  }
}

async function evaluateVersion(
  context: StepContext<GateOptions>,
  files: ReadonlyMap<string, string>,
  rowsPath: string,
): Promise<Evaluation> {
  const loaded = await loadModel(files)
  try {
    const { signature } = loaded.manifest
    const slices = context.options.slices === undefined ? [] : [context.options.slices.column]
    const { batch, types } = await withTables(
      (tables) => loadRawRows(tables, rowsPath, signature, [signature.target, ...slices]),
      {
        signal: context.signal,
        tempPath: context.scratchPath,
      },
    )
    return await evaluate(loaded, batch, types, { slices, signal: context.signal })
  } finally {
    loaded.dispose()
  }
}
