import { mainMetric } from '#shared/metrics.ts'
import { type Evaluation, evaluationSchema } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { defineComponent, type InputArtifact } from '../pipelines/component.ts'
import type { ComparedWith } from '../training/gate/comparison-check.ts'
import { measureSlices } from '../training/gate/slice-figures.ts'
import type { SlicesRule } from '../training/gate/slices-check.ts'
import { judge } from '../training/gate/verdict.ts'
import { writeJson } from '../training/package.ts'
import { crossedRows, type Slice, sliceRows } from '../training/slices.ts'
import { readJsonFile } from './artifact-files.ts'
import {
  type Competitor,
  type Contest,
  fixedContests,
  measured,
  tryAnswers,
  versionCompetitor,
} from './gate/comparisons.ts'
import { answersOfVersion } from './gate/competitors.ts'
import { deployability } from './gate/deployability.ts'
import { newestRows } from './gate/newest.ts'
import { type GateOptions, gateOptionsSchema, type SliceOptions } from './gate/options.ts'
import { evaluatedRows, type GateContext, type JudgedRows, targetRows } from './gate/rows.ts'
import { modelReferences } from './model-references.ts'

/** Never fails for a rejection: the verdict says so, and later steps act on it. */
export const gate = defineComponent({
  name: 'model/gate',
  version: '2',
  summary:
    'Blesses or rejects a model: good enough, better than champion, baseline and rule, as good in every slice, able to serve.',
  inputs: {
    evaluation: { types: ['evaluation'], summary: 'The evaluation of the candidate.' },
    model: {
      types: ['model'],
      summary: 'The candidate itself, for the options "newest" and "deployment".',
      optional: true,
    },
  },
  outputs: { verdict: { type: 'verdict', summary: 'verdict.json: blessed or not, every check, and why.' } },
  options: gateOptionsSchema,
  cacheable: false,
  references: ({ against, baseline }) =>
    [against, baseline].flatMap((name) => modelReferences(name === 'dummy' ? undefined : name)),
  async run(context) {
    const { options } = context
    const input = context.input('evaluation')
    const candidate = await readJsonFile(input, 'evaluation.json', evaluationSchema)
    checkOptions(context, candidate)
    const metric = options.metric ?? mainMetric[candidate.task]
    const rules = sliceRules(options)
    const columns = rules.flatMap(columnsOf)
    const judged = needsRows(options) ? await evaluatedRows(context, input, candidate, columns) : undefined
    const champion =
      judged && options.against !== undefined ? await versionCompetitor(context, options.against, judged) : undefined
    const verdict = judge(candidate, {
      thresholds: options.thresholds,
      comparisons:
        judged === undefined ? [] : await comparisons(context, { judged, candidate, input, metric, champion }),
      slices: judged === undefined ? [] : await slices(context, rules, { judged, metric, champion }),
      deployment:
        judged === undefined || options.deployment === undefined
          ? undefined
          : await deployability(context, options.deployment, judged),
      outcomes: { blessed: options.blessed, rejected: options.rejected },
    })
    await writeJson(context.output('verdict').path('verdict.json'), verdict)
    context.log(`${verdict.blessed ? 'Blessed' : 'Rejected'}: ${verdict.reason}`, verdict.blessed ? 'info' : 'warning')
    context.value('blessed', verdict.blessed)
    context.value('reason', verdict.reason)
    context.value('outcome', verdict.outcome ?? 'keep')
  },
})

function needsRows({ against, baseline, rule, slices, deployment }: GateOptions): boolean {
  return [against, baseline, rule, slices, deployment].some((option) => option !== undefined)
}

function sliceRules({ slices = [] }: GateOptions): readonly SliceOptions[] {
  return Array.isArray(slices) ? slices : [slices]
}

function columnsOf({ column }: SliceOptions): readonly string[] {
  return typeof column === 'string' ? [column] : column
}

interface Judging {
  readonly judged: JudgedRows
  readonly metric: string
  readonly champion: Competitor | undefined
}

async function comparisons(
  context: GateContext,
  about: Judging & { candidate: Evaluation; input: InputArtifact },
): Promise<ComparedWith[]> {
  const { judged, metric, champion } = about
  const { minImprovement } = context.options
  const now: Contest[] = champion === undefined ? [] : [{ with: 'champion', competitor: champion, minImprovement }]
  const contests = [...now, ...(await fixedContests(context, metric, judged))]
  const compared = await measured(context, judged, { metric, span: null }, contests)
  return champion === undefined ? compared : [...compared, ...(await onNewestRows(context, about, champion))]
}

/** The champion and the candidate on the newest labelled span. */
async function onNewestRows(
  context: GateContext,
  { candidate, input, metric }: { candidate: Evaluation; input: InputArtifact; metric: string },
  { name, version, files }: Competitor,
): Promise<ComparedWith[]> {
  const { newest, minImprovement } = context.options
  if (newest === undefined || files === undefined) return []
  context.progress(0.3, `scoring both on the newest ${newest.span} of ${newest.dataset}`)
  const found = await newestRows(context, newest, input.files.get('test.parquet') ?? '', candidate)
  if (found === undefined) {
    context.log(`The dataset "${newest.dataset}" has no labelled rows in its newest ${newest.span}.`, 'warning')
    return []
  }
  const rows = await targetRows(context, found.path, candidate, [])
  const judged = { ...rows, candidate: await answersOfVersion(context, context.input('model').files, rows) }
  const champion = { name, version, ...(await tryAnswers(context, files, judged)) }
  const contest: Contest = { with: 'champion', competitor: champion, minImprovement }
  return await measured(context, judged, { metric, span: found.span, newest }, [contest])
}

async function slices(
  { options, seed, signal, progress }: GateContext,
  rules: readonly SliceOptions[],
  { judged, metric, champion }: Judging,
): Promise<SlicesRule[]> {
  const { confidence, resamples } = options
  const judgedRules: SlicesRule[] = []
  for (const { column, ...rule } of rules) {
    const columns = columnsOf({ column, ...rule })
    progress(0.5, `scoring by ${columns.join(' × ')}`)
    const measures = await measureSlices(
      {
        task: judged.task,
        metric,
        slices: slicesOf(judged, columns),
        minRows: rule.minRows,
        actual: judged.actual,
        candidate: judged.candidate,
        champion: champion?.answers,
      },
      { confidence, resamples, seed, signal },
    )
    judgedRules.push({
      ...rule,
      columns,
      metric,
      confidence,
      measured: measures,
      hasChampion: champion?.answers !== undefined,
    })
  }
  return judgedRules
}

function slicesOf({ columns }: JudgedRows, names: readonly string[]): Slice[] {
  const [first, second] = names.flatMap((name) => columns.get(name) ?? [])
  if (first === undefined) return []
  return second === undefined ? sliceRows(first.column, first.type) : crossedRows(first, second)
}

/** That what is asked about can be answered, whatever the figures. */
function checkOptions(context: GateContext, { task, metrics }: Evaluation): void {
  const { options } = context
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
  const needing = (['newest', 'deployment'] as const).find((name) => options[name] !== undefined)
  if (needing !== undefined && context.optionalInput('model') === undefined) {
    throw new EsteiraError('parameter-invalid', `The option "${needing}" needs the model itself.`, {
      where: `${context.run.step}.in.model`,
      next: 'Connect the input "model" of the gate with the step that trains.',
    })
  }
  if (options.newest !== undefined && options.against === undefined) {
    throw new EsteiraError('parameter-invalid', 'The option "newest" compares with a version that is not named.', {
      where: 'against',
      next: 'Name the version to beat, such as flight-delay@champion.',
    })
  }
}

const taskMetrics: Record<Evaluation['task'], readonly string[]> = {
  binary: ['auc', 'accuracy', 'f1', 'logLoss', 'brier'],
  multiclass: ['accuracy', 'macroF1', 'logLoss'],
  regression: ['rmse', 'mae', 'r2'],
}
