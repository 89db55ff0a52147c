/**
 * Drift of datasets over any window: sketches are kept up to date with the files, and answer every comparison. The work is
 * done in the explorer thread; the database is written here, one unit in one transaction.
 */
import type { DatasetDrift, DriftHistory, DriftWindow } from '#shared/drift.ts'
import type { Importance, ModelVersion } from '#shared/models.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { ReportOptions } from '../data/drift/summary.ts'
import type { Explorer } from '../data/explorer.ts'
import { stretchStart } from '../data/sketches/months.ts'
import { SketchStore, type SpanWindow, type StoredSpan } from '../data/sketches/sketch-store.ts'
import { type DriftSide, dayOf } from '../data/sketches/windows.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/store.ts'
import { readTrainingStatistics } from '../training/package.ts'
import type { Datasets } from './datasets.ts'

export interface DatasetDriftParts {
  readonly datasets: Pick<Datasets, 'dataset'>
  readonly explorer: Pick<Explorer, 'ask'>
  readonly store: Store
  readonly registry: Pick<Registry, 'resolve'>
  readonly artifacts: Pick<ArtifactStore, 'files'>
  readonly clock: Clock
  /** Undefined where it is not known how much the version leans on its inputs: all columns then weigh the same. */
  readonly importanceOf: (version: ModelVersion) => Promise<Importance | undefined>
}

export interface DriftQuestion extends DriftWindow {
  /** A window or a model version, see `driftAgainstSchema`. */
  readonly against: string
}

/** What was done to bring the sketches up to date. */
export interface Sketched {
  readonly units: number
  /** Units that were read, because they were new or had changed. */
  readonly read: number
}

/** What a window is compared with, ready. */
interface Reference {
  readonly side: DriftSide
  readonly words: string
  readonly options: ReportOptions
}

export class DatasetDrifts {
  readonly #parts: DatasetDriftParts
  readonly #sketches: SketchStore
  readonly #underWay = new Map<string, Promise<Sketched>>()

  constructor(parts: DatasetDriftParts) {
    this.#parts = parts
    this.#sketches = new SketchStore(parts.store)
  }

  /**
   * Sketches what is new or has changed, and forgets what is gone. One after the other: what the first has done is not done again.
   * @throws EsteiraError as opening the dataset does, `column-not-found` or `invalid-usage` for an unfit column of time
   */
  async refresh(projectId: string, dataset: string, signal: AbortSignal): Promise<Sketched> {
    const name = JSON.stringify([projectId, dataset])
    for (let known = this.#underWay.get(name); known !== undefined; known = this.#underWay.get(name)) {
      // It may have been given up by whoever asked for it.
      await known.catch(() => undefined)
    }
    const work = this.#refresh(projectId, dataset, signal).finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, work)
    return await work
  }

  async #refresh(project: string, dataset: string, signal: AbortSignal): Promise<Sketched> {
    const { datasets, explorer, clock } = this.#parts
    const request = await datasets.dataset(project, dataset)
    const units = await explorer.ask('sketchUnits', request, signal)
    const known = new Map(this.#sketches.units(project, dataset).map(({ source, key }) => [source, key]))
    const stale = units.filter(({ source, key }) => known.get(source) !== key)
    for (const unit of stale) {
      const sketched = await explorer.ask('sketch', { ...request, unit }, signal)
      this.#sketches.put(project, dataset, sketched, clock())
    }
    const sources = units.map(({ source }) => source)
    if (known.size + stale.length > sources.length) this.#sketches.keep(project, dataset, sources)
    return { units: units.length, read: stale.length }
  }

  /** @throws EsteiraError as `refresh`; `dataset-empty` for a window without rows; as resolving the model does */
  async drift(projectId: string, dataset: string, question: DriftQuestion, signal: AbortSignal): Promise<DatasetDrift> {
    await this.refresh(projectId, dataset, signal)
    const started = performance.now()
    const window = { from: question.from, to: question.to }
    const spans = this.#spans(projectId, dataset, window)
    const reference = await this.#reference(projectId, dataset, question.against)
    const request = {
      current: { spans },
      reference: reference.side,
      words: { current: windowWords(dataset, window), reference: reference.words },
      options: reference.options,
    }
    const report = await this.#parts.explorer.ask('windowDrift', request, signal)
    const elapsedMs = performance.now() - started
    return {
      dataset,
      window,
      against: question.against,
      spans: daysIn(this.#sketches.days(projectId, dataset, boundsOf(window))),
      elapsedMs,
      report,
    }
  }

  /** Stretches of time, each against the same reference. Default: days, or what gives a legible number of stretches. */
  async history(
    projectId: string,
    dataset: string,
    { against, ...wanted }: { readonly against?: string | undefined; readonly by?: DriftHistory['by'] | undefined },
    signal: AbortSignal,
  ): Promise<DriftHistory> {
    await this.refresh(projectId, dataset, signal)
    const { spec } = await this.#parts.datasets.dataset(projectId, dataset)
    const spans = this.#sketches.spans(projectId, dataset)
    const by = wanted.by ?? legible(spans)
    const compared = against ?? firstStretch(spans, by)
    const reference = await this.#reference(projectId, dataset, compared)
    const request = { spans, reference: reference.side, by, options: reference.options }
    const found = await this.#parts.explorer.ask('driftHistory', request, signal)
    const rowsOf = (all: readonly StoredSpan[]) => all.reduce((sum, { rows }) => sum + rows, 0)
    return {
      dataset,
      time: spec.time ?? null,
      by,
      against: compared,
      reference: reference.words,
      referenceRows: 'spans' in reference.side ? rowsOf(reference.side.spans) : reference.side.statistics.rows,
      rowsWithoutTime: rowsOf(spans.filter(({ span }) => span === null)),
      spans: found,
    }
  }

  async #reference(project: string, dataset: string, against: string): Promise<Reference> {
    const window = /^(.*)\.\.(.*)$/.exec(against)
    if (window !== null) {
      const days = { from: window[1] || undefined, to: window[2] || undefined }
      const spans = this.#spans(project, dataset, days)
      return { side: { spans }, words: windowWords(dataset, days), options: {} }
    }
    const { registry, artifacts, importanceOf } = this.#parts
    const version = registry.resolve(against)
    const statistics = await readTrainingStatistics(await artifacts.files(version.artifactHash))
    const importance = await importanceOf(version)
    const name = `${version.model} ${version.version}`
    const words = importance === undefined ? '' : `${importance.metric} lost by shuffling an input, of ${name}`
    return {
      side: { statistics },
      words: `training data of ${name}`,
      options: {
        target: version.signature.target,
        ...(importance !== undefined && { importance: { inputs: importance.inputs, words } }),
      },
    }
  }

  #spans(project: string, dataset: string, days: DriftWindow): StoredSpan[] {
    const spans = this.#sketches.fewest(project, dataset, boundsOf(days))
    if (spans.some(({ rows }) => rows > 0)) return spans
    const all = this.#sketches.days(project, dataset).flatMap(({ span }) => span ?? [])
    throw new EsteiraError(
      'dataset-empty',
      `The dataset "${dataset}" has no rows in ${windowWords('', days).trim()}.`,
      {
        found: windowWords(dataset, days),
        ...(all.length > 0 && { allowed: `days from ${dayOf(Math.min(...all))} to ${dayOf(Math.max(...all))}` }),
        next: 'Choose another window; where the dataset names no column of "time" in esteira.yaml, leave the days out.',
      },
    )
  }
}

/** @throws EsteiraError `invalid-usage` for what is not a day, or an end before the start */
function boundsOf({ from, to }: DriftWindow): SpanWindow {
  const bounds = {
    from: from === undefined ? undefined : dayStart(from),
    to: to === undefined ? undefined : dayStart(to),
  }
  if (bounds.from !== undefined && bounds.to !== undefined && bounds.from >= bounds.to) {
    throw new EsteiraError('invalid-usage', 'A window ends after it begins.', { found: `${from}..${to}` })
  }
  return bounds
}

function dayStart(day: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  // 30 February would be read as a day of March.
  if (!Number.isNaN(instant) && dayOf(instant) === day) return instant
  throw new EsteiraError('invalid-usage', 'A window is told by its days.', {
    found: day,
    allowed: 'days such as 2001-03-01 (UTC)',
  })
}

function windowWords(dataset: string, { from, to }: DriftWindow): string {
  if (from === undefined && to === undefined) return `${dataset}, all days`
  return `${dataset} ${from ?? 'first day'} to ${to ?? 'last day'}`
}

function daysIn(spans: readonly Pick<StoredSpan, 'span'>[]): number {
  return new Set(spans.map(({ span }) => span)).size
}

const maxDays = 62
const maxWeeks = 80

function legible(spans: readonly StoredSpan[]): DriftHistory['by'] {
  const days = daysIn(spans)
  return days <= maxDays ? 'day' : days <= 7 * maxWeeks ? 'week' : 'month'
}

/** What a history is compared with by default: how the data began. */
function firstStretch(spans: readonly StoredSpan[], by: DriftHistory['by']): string {
  const days = spans.flatMap(({ span }) => span ?? []).sort((a, b) => a - b)
  const [first] = days
  if (first === undefined) return '..'
  const start = stretchStart(first, by)
  const next = days.find((day) => stretchStart(day, by) !== start)
  return next === undefined ? '..' : `${dayOf(first)}..${dayOf(next)}`
}
