/** Answers the checks of a monitor that need rows, sketches or files. Runs in a thread of its own. */
import type { CheckSpec } from '#shared/monitors.ts'
import type { SampleOf } from '#shared/reading-words.ts'
import type { Statistics } from '#shared/statistics.ts'
import { asEsteiraError } from '../../kernel/errors.ts'
import type { Tables } from '../../tables/duckdb.ts'
import { readTrainingStatistics } from '../../training/package.ts'
import { type DriftRequest, driftOutcome, predictionDriftOutcome, type Sample } from '../checks/drift.ts'
import { estimateOutcome } from '../checks/estimate.ts'
import { unitOf } from '../checks/judge.ts'
import { nothingToSay, type Outcome } from '../checks/outcome.ts'
import { errorsOutcome, latencyOutcome, trafficOutcome } from '../checks/requests.ts'
import { stalenessOutcome } from '../checks/staleness.ts'
import { inputColumnName } from '../requests/relation.ts'
import { type SketchedWindows, sketchWindows, windowStatistics } from './hour-sketches.ts'
import { loggedQuality } from './logged-quality.ts'
import { predictionColumn } from './logged-rows.ts'
import type { AskedCheck, JudgedVersion, LookAnswer, LookQuestion } from './questions.ts'
import { labelledScores, predictionStatistics, readEvaluated } from './references.ts'
import { featureReads, requestFigures } from './request-figures.ts'
import { type Span, windowBefore } from './windows.ts'

export interface LookScope {
  /** Opens DuckDB for one piece of the work. */
  readonly open: <T>(work: (tables: Tables) => Promise<T>) => Promise<T>
  /** An existing folder for temporary files. */
  readonly scratchPath: string
  readonly signal: AbortSignal
  /** Told how many checks are answered. */
  readonly onProgress: (done: number) => void
}

export async function look(question: LookQuestion, scope: LookScope): Promise<LookAnswer> {
  const sketched = await scope.open((tables) =>
    sketchWindows(tables, { ...question, windows: question.checks.flatMap(sketchedWindowsOf) }),
  )
  const outcomes: Outcome[] = []
  for (const asked of question.checks) {
    scope.signal.throwIfAborted()
    outcomes.push(await outcomeOf(asked, question, sketched, scope))
    scope.onProgress(outcomes.length)
  }
  return { outcomes, hours: sketched.fresh }
}

/** The windows that are put together from sketches. */
export function sketchedWindowsOf({ check: { spec }, window }: Pick<AskedCheck, 'check' | 'window'>): Span[] {
  switch (spec.kind) {
    case 'drift':
    case 'prediction-drift':
      return spec.against === 'previous' ? [window, windowBefore(window)] : [window]
    case 'estimated-performance':
      return [window]
    default:
      return []
  }
}

/** A check that cannot be answered, such as one of a schema file with mistakes, says so and spoils no other one. */
async function outcomeOf(
  asked: AskedCheck,
  question: LookQuestion,
  sketched: SketchedWindows,
  scope: LookScope,
): Promise<Outcome> {
  try {
    return await answer(asked, question, sketched, scope)
  } catch (error) {
    scope.signal.throwIfAborted()
    const { message, context } = asEsteiraError(error)
    const [first] = context.problems ?? []
    const problem = first === undefined ? message : `${message} ${first.message}`
    return nothingToSay(unitOf(asked.check.spec), { kind: 'problem', problem })
  }
}

async function answer(
  { check, window }: AskedCheck,
  question: LookQuestion,
  sketched: SketchedWindows,
  { open, scratchPath }: LookScope,
): Promise<Outcome> {
  const { endpoint, logPath, folder, version } = question
  const { spec, minRows } = check
  const span = { endpoint, ...window }
  switch (spec.kind) {
    case 'traffic':
      return trafficOutcome(await open((tables) => requestFigures(tables, logPath, span)), window.to - window.from)
    case 'latency':
      return latencyOutcome(await open((tables) => requestFigures(tables, logPath, span, spec.percentile)), spec)
    case 'errors':
      return errorsOutcome(await open((tables) => requestFigures(tables, logPath, span)))
    case 'feature-staleness':
      return stalenessOutcome(await open((tables) => featureReads(tables, logPath, span)), { spec, minRows })
    case 'drift':
      if (version === null) return nothingToSay(unitOf(spec), { kind: 'no-model' })
      return driftOutcome(await inputSamples(spec.against, window, version, sketched), spec)
    case 'prediction-drift':
      if (version === null) return nothingToSay(unitOf(spec), { kind: 'no-model' })
      return await predictionDrift(spec, window, version, sketched)
    case 'estimated-performance':
      if (version === null) return nothingToSay(unitOf(spec), { kind: 'no-model' })
      return await open((tables) => estimate(tables, spec, window, version, sketched))
    case 'data-quality':
      if (version === null) return nothingToSay(unitOf(spec), { kind: 'no-model' })
      return await loggedQuality(open, { logPath, span, schemaFile: spec.schema, folder, version, scratchPath })
    case 'performance':
    case 'missing-labels':
      throw new Error(`Labels are not looked at here: ${spec.kind}.`)
  }
}

async function inputSamples(
  against: 'training' | 'previous',
  window: Span,
  version: JudgedVersion,
  { pieces }: SketchedWindows,
): Promise<DriftRequest> {
  const names = version.signature.inputs.map(({ name }) => name)
  const of = (span: Span) => named(windowStatistics(pieces, span, { columns: names.map(inputColumnName) }), names)
  const importance = version.importance === null ? {} : { importance: version.importance }
  const current: Sample = { of: { kind: 'requests' }, statistics: of(window) }
  if (against === 'previous') return { current, reference: before(of(windowBefore(window))), ...importance }
  const { rows, columns } = await readTrainingStatistics(version.package)
  const statistics = { rows, columns: columns.filter(({ name }) => names.includes(name)) }
  return { current, reference: { of: ofVersion('training', version), statistics }, ...importance }
}

/** Columns under the names of the inputs that they hold. */
function named(statistics: Statistics, names: readonly string[]): Statistics {
  return {
    ...statistics,
    columns: statistics.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
  }
}

function before(statistics: Statistics): Sample {
  return { of: { kind: 'requests-before' }, statistics }
}

function ofVersion(kind: 'training' | 'predictions' | 'evaluation', { model, version }: JudgedVersion): SampleOf {
  return { kind, model, version }
}

/** What this version answered, whatever the revisions that it answered as. */
function predictions(
  window: Span,
  { model, version }: JudgedVersion,
  { pieces, revisions }: SketchedWindows,
): Statistics {
  const own = revisions.filter((served) => served.model === model && served.version === version)
  const numbers = new Set(own.map(({ revision }) => revision))
  return windowStatistics(pieces, window, { columns: [predictionColumn], revisions: numbers })
}

async function predictionDrift(
  spec: CheckSpec & { kind: 'prediction-drift' },
  window: Span,
  version: JudgedVersion,
  sketched: SketchedWindows,
): Promise<Outcome> {
  const current: Sample = {
    of: ofVersion('predictions', version),
    statistics: predictions(window, version, sketched),
  }
  if (spec.against === 'previous') {
    return predictionDriftOutcome({ current, reference: before(predictions(windowBefore(window), version, sketched)) })
  }
  const evaluated = await readEvaluated(version)
  if (evaluated === undefined) return noEvaluation(version, 'distance')
  const reference: Sample = { of: ofVersion('evaluation', version), statistics: predictionStatistics(evaluated) }
  return predictionDriftOutcome({ current, reference })
}

async function estimate(
  tables: Tables,
  { metric }: CheckSpec & { kind: 'estimated-performance' },
  window: Span,
  version: JudgedVersion,
  sketched: SketchedWindows,
): Promise<Outcome> {
  if (version.signature.task !== 'binary') {
    return nothingToSay('metric', { kind: 'not-two-classes' })
  }
  const evaluated = await readEvaluated(version)
  if (evaluated === undefined) return noEvaluation(version, 'metric')
  const reference = await labelledScores(tables, version, evaluated)
  const scores = predictions(window, version, sketched).columns[0]?.numeric?.bins ?? { bits: 0, keys: [], counts: [] }
  return estimateOutcome({ scores, reference, metric, of: ofVersion('evaluation', version) })
}

function noEvaluation({ model, version }: JudgedVersion, unit: Outcome['unit']): Outcome {
  return nothingToSay(unit, { kind: 'no-evaluation', model, version })
}
