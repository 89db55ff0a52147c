/** Drift of inputs and predictions, from the statistics of two samples. Pure. */
import type { DriftResult } from '#shared/drift.ts'
import type { Importance } from '#shared/models.ts'
import type { CheckSpec, ReadingPart } from '#shared/monitors.ts'
import type { SampleOf } from '#shared/reading-words.ts'
import type { Statistics } from '#shared/statistics.ts'
import { driftReport } from '../../data/drift/summary.ts'
import { type Evidence, nothingToSay, type Outcome } from './outcome.ts'
import { noteText, sampleText } from './words.ts'

/** A sample: what it is of, and its figures. */
export interface Sample {
  readonly of: SampleOf
  readonly statistics: Statistics
}

export interface DriftRequest {
  readonly current: Sample
  readonly reference: Sample
  /** What the model leans on; undefined: all inputs weigh the same. */
  readonly importance?: Importance['inputs'] | undefined
}

/** A column that only one of the samples has is no drift but another model; it is left out. */
export function driftOutcome(
  { current, reference, importance }: DriftRequest,
  spec: CheckSpec & { kind: 'drift' },
): Outcome {
  const unit = spec.of === 'columns' ? 'count' : 'distance'
  if (reference.statistics.rows === 0) return nothingToSay(unit, { kind: 'no-reference', sample: reference.of })
  const wanted = (statistics: Statistics) => only(statistics, spec.columns)
  const measures = knownAlone(spec.measures, reference.statistics)
  const report = driftReport(
    { current: sampleText(current.of), reference: sampleText(reference.of) },
    wanted(current.statistics),
    wanted(reference.statistics),
    { measures, ...(importance !== undefined && { importance: { inputs: importance, words: '' } }) },
  )
  const drifted = report.results.filter((result) => result.drifted)
  const weighted = report.summary?.weightedDrift ?? 0
  return {
    value: spec.of === 'columns' ? drifted.length : weighted,
    ...(report.results.length === 0 && { value: null, nothing: { kind: 'inputs-not-comparable' } }),
    unit,
    rows: current.statistics.rows,
    parts: report.results.map(partOf),
    evidence: evidenceOf(current, reference, report.results, { weightedDrift: weighted, drifted: drifted.length }),
  }
}

/** The one column of predictions: its distance, 0 where chance alone explains it. */
export function predictionDriftOutcome({ current, reference }: DriftRequest): Outcome {
  if (reference.statistics.rows === 0) return nothingToSay('distance', { kind: 'no-reference', sample: reference.of })
  const { results } = driftReport(
    { current: sampleText(current.of), reference: sampleText(reference.of) },
    current.statistics,
    reference.statistics,
  )
  const [result] = results
  return {
    value: result?.distance ?? null,
    nothing: { kind: 'predictions-not-comparable' },
    unit: 'distance',
    rows: current.statistics.rows,
    parts: [],
    evidence: evidenceOf(current, reference, results, { [result?.measure ?? 'value']: result?.value ?? null }),
  }
}

function evidenceOf(
  current: Sample,
  reference: Sample,
  results: readonly DriftResult[],
  figures: Evidence['figures'],
): Evidence {
  return {
    current: sampleText(current.of),
    reference: sampleText(reference.of),
    compared: { current: current.of, reference: reference.of },
    currentRows: current.statistics.rows,
    referenceRows: reference.statistics.rows,
    distributions: results.map(({ feature, cells = [], measures = [] }) => ({ feature, cells, measures })),
    figures,
  }
}

function partOf({ feature, distance, drifted, measure, value, limit, threshold }: DriftResult): ReadingPart {
  const note = { kind: 'drift' as const, measure, value, limit: limit ?? threshold }
  return { name: feature, value: distance ?? null, bad: drifted, detail: noteText(note), note }
}

function only({ rows, columns }: Statistics, names: readonly string[] | undefined): Statistics {
  return { rows, columns: names === undefined ? columns : columns.filter(({ name }) => names.includes(name)) }
}

/** An input that the version in service does not have has no measure either. */
function knownAlone<Value>(
  measures: Readonly<Record<string, Value>> | undefined,
  { columns }: Statistics,
): Record<string, Value> {
  const known = new Set(columns.map(({ name }) => name))
  return Object.fromEntries(Object.entries(measures ?? {}).filter(([name]) => known.has(name)))
}
