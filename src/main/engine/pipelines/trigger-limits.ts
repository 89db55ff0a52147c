/**
 * The form of the conditions `drift` and `performance`: of a champion on the newest rows of a dataset, which are measured for
 * it, or of what a monitor last read in production.
 */
import { z } from 'zod'
import { durationSchema } from '#shared/durations.ts'
import { higherIsBetter } from '#shared/metrics.ts'

const subject = {
  model: z
    .string()
    .min(1)
    .optional()
    .describe('With dataset: the registered model whose champion is looked at. Required there.'),
  dataset: z
    .string()
    .min(1)
    .optional()
    .describe('The dataset to look at: of its rows those newer than what the champion learned from.'),
  monitor: z
    .string()
    .min(1)
    .optional()
    .describe('In place of model and dataset: a monitor of the project, whose latest reading of production is taken.'),
  check: z
    .string()
    .min(1)
    .optional()
    .describe(
      'With monitor: a check of it. Default: its checks of this kind. Of performance there may be but one then.',
    ),
}
const rows = {
  window: durationSchema
    .optional()
    .describe(
      'With dataset: how far back from the newest row to look, where the dataset has a time column. Default: 31d.',
    ),
  minRows: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('With dataset: with fewer rows nothing is concluded. Default: 200.'),
}

/** What says which rows a champion is measured on. A monitor says that itself. */
const ofDataset = ['model', 'dataset', 'metric', 'window', 'minRows'] as const
const needed = ['model', 'dataset', 'metric'] as const

type Given = Readonly<Partial<Record<(typeof ofDataset)[number] | 'monitor' | 'check', unknown>>>

function checkSubject(given: Given, names: readonly string[], context: z.RefinementCtx): void {
  const problem = (path: string[], message: string, expected?: string) =>
    context.addIssue({ code: 'custom', path, message, ...(expected !== undefined && { params: { expected } }) })
  if (given.monitor !== undefined) {
    const stray = ofDataset.filter((name) => given[name] !== undefined)
    for (const name of stray)
      problem([name], `"${name}" belongs to a look at a dataset: the monitor says what it reads`)
    return
  }
  if (given.check !== undefined) problem(['check'], '"check" belongs to a monitor', 'monitor: <name>, check: <name>')
  for (const name of needed.filter((each) => names.includes(each) && given[each] === undefined)) {
    problem([], `"${name}" is missing`, `${names.join(', ')}; or monitor`)
  }
}

export const driftSchema = z
  .strictObject({
    ...subject,
    above: z
      .number()
      .min(0)
      .describe(
        'Starts a run above it. With dataset: the drift weighted by the importance of the inputs, from 0 to 1.',
      ),
    ...rows,
  })
  .superRefine((drift, context) => {
    checkSubject(drift, ['model', 'dataset'], context)
    if (drift.monitor !== undefined || drift.above <= 1) return
    context.addIssue({ code: 'custom', path: ['above'], message: 'a weighted drift is at most 1' })
  })

export const performanceSchema = z
  .strictObject({
    ...subject,
    metric: z
      .enum(['auc', 'accuracy', 'f1', 'macroF1', 'r2', 'logLoss', 'brier', 'rmse', 'mae'])
      .optional()
      .describe('With dataset: the metric of the champion on these rows. Required there; a monitor says its own.'),
    below: z.number().optional().describe('The limit of auc, accuracy, f1, macroF1 or r2: a run starts below it.'),
    above: z.number().optional().describe('The limit of logLoss, brier, rmse or mae: a run starts above it.'),
    ...rows,
  })
  .superRefine((performance, context) => {
    checkSubject(performance, ['model', 'dataset', 'metric'], context)
    const { metric, below, above } = performance
    const problem = (path: string[], message: string, expected: string) =>
      context.addIssue({ code: 'custom', path, message, params: { expected } })
    if (metric === undefined) {
      const limits = [below, above].filter((limit) => limit !== undefined)
      if (limits.length !== 1) problem([], 'there must be one limit', 'below: <number>, or above: <number>')
      return
    }
    const [right, wrong] = higherIsBetter[metric] ? (['below', 'above'] as const) : (['above', 'below'] as const)
    const expected = `${right}: <number>`
    if (performance[wrong] !== undefined) {
      problem(
        [wrong],
        `a better ${metric} is ${right === 'below' ? 'higher' : 'lower'}: its limit is "${right}"`,
        expected,
      )
    } else if (performance[right] === undefined) {
      problem([], `the limit "${right}" is missing`, expected)
    }
  })
