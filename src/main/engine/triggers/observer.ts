/** Gathers what a decision depends on: files, runs, champions; and measurements, each taken once for what it is about. */
import type { Alert } from '#shared/alerts.ts'
import type { Importance } from '#shared/models.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import type { Run } from '#shared/runs.ts'
import type { LeafCondition } from '#shared/triggers.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { Projects } from '../pipelines/projects.ts'
import { leafKey, leavesOf, ruleOf } from '../pipelines/trigger-rule.ts'
import { folderOf } from './data-watcher.ts'
import type { DatasetFiles } from './dataset-state.ts'
import { latestReadings, type MonitorReadings } from './latest-readings.ts'
import type { Measurer } from './measure/measurer.ts'
import type { Memory, MemoryOf } from './memory.ts'
import { baselineOf } from './new-data.ts'
import type {
  DataMeasure,
  DriftMeasurement,
  FilesState,
  LeafSignal,
  OpenAlert,
  PerformanceMeasure,
  RunState,
  Seen,
  Signals,
} from './signals.ts'
import type { TriggerRuns } from './trigger-runs.ts'
import type { StoredTrigger, TriggerStore } from './trigger-store.ts'

/** The champion of a model, as the registry has it now. */
export interface Champion {
  readonly version: number
  readonly artifactHash: string
}

export interface Champions {
  champion(model: string): Champion | undefined
  files(artifactHash: string): Promise<ReadonlyMap<string, string>>
  /** How much the version leans on each input; null where that was not measured. */
  importance(model: string, version: number): Promise<Importance['inputs'] | null>
}

export interface OpenAlerts {
  /** Of a monitor, oldest first. */
  openOfMonitor(projectId: string, monitor: string): readonly Alert[]
}

export interface ObserverOptions {
  readonly triggers: TriggerStore
  readonly projects: Pick<Projects, 'open' | 'list'>
  readonly runs: { get(id: string): Run }
  readonly triggerRuns: TriggerRuns
  readonly champions: Champions
  readonly alerts: OpenAlerts
  readonly readings: MonitorReadings
  readonly files: DatasetFiles
  readonly measurer: Measurer
  readonly clock: Clock
}

/** Measurements of each kind kept in memory: enough for every trigger of a home. */
const keptMeasurements = 200

type Known<Value> = Map<string, Exclude<Seen<Value>, undefined>>

export class Observer {
  readonly #options: ObserverOptions
  /** By what they are about: the data, and the champion or the rows already given to a run. */
  readonly #data: Known<DataMeasure> = new Map()
  readonly #performance: Known<PerformanceMeasure> = new Map()
  readonly #drift: Known<DriftMeasurement> = new Map()

  constructor(options: ObserverOptions) {
    this.#options = options
  }

  /** Nothing here computes: what must be measured is left open. */
  async look(trigger: StoredTrigger): Promise<Signals> {
    const { triggers, triggerRuns, clock } = this.#options
    const { id, projectId, pipeline, memory, lastAt } = trigger
    const leaves = leavesOf(ruleOf(trigger.spec).condition)
    const signals = await Promise.all(leaves.map((leaf) => this.#signal(projectId, leaf, memory)))
    return {
      leaves: new Map(
        signals.flatMap((signal, index) => {
          const leaf = leaves[index]
          return signal === undefined || leaf === undefined ? [] : [[leafKey(leaf), signal] as const]
        }),
      ),
      underWay: triggerRuns.underWay(projectId, pipeline),
      lastAt,
      usedSince: (since) => triggers.decisions.usedSince(id, since, clock()),
    }
  }

  /** Measures what a decision was left open for. What cannot be measured is known by its problem until the data changes. */
  async measure({ projectId, memory }: StoredTrigger, leaf: LeafCondition): Promise<void> {
    if (!('dataset' in leaf)) return
    const files = await this.#files(projectId, leaf.dataset)
    if (files === undefined || 'problem' in files) return
    const { spec, folder, datasets } = await this.#dataset(projectId, leaf.dataset)
    const { measurer, champions } = this.#options
    if (leaf.kind === 'new-data') {
      const since = this.#since(leaf, memory)
      const ask = () => measurer.measure('data', { spec, folder, since })
      return await keep(this.#data, dataKey(projectId, leaf, files.value, since), ask)
    }
    const champion = champions.champion(leaf.model)
    if (champion === undefined) return
    const { windowMs, model } = leaf
    const key = measureName(leaf, championKey(champion, files.value.key))
    const place = async () => ({
      spec,
      folder,
      datasets,
      windowMs,
      model: await champions.files(champion.artifactHash),
    })
    if (leaf.kind === 'performance') {
      const { metric } = leaf
      return await keep(this.#performance, key, async () =>
        measurer.measure('performance', { ...(await place()), metric }),
      )
    }
    await keep(this.#drift, key, async () => {
      const importance = await champions.importance(model, champion.version)
      return await measurer.measure('drift', { ...(await place()), importance })
    })
  }

  /** The folders in which the data of triggers comes and goes. */
  async folders(triggers: readonly StoredTrigger[]): Promise<Set<string>> {
    const named = triggers.flatMap(({ projectId, spec }) =>
      leavesOf(ruleOf(spec).condition).flatMap((leaf) =>
        'dataset' in leaf ? [{ projectId, name: leaf.dataset }] : [],
      ),
    )
    const found = await Promise.all(
      named.map(({ projectId, name }) => this.#dataset(projectId, name).catch((): undefined => undefined)),
    )
    return new Set(found.flatMap((dataset) => (dataset === undefined ? [] : [folderOf(dataset.spec, dataset.folder)])))
  }

  async #signal(projectId: string, leaf: LeafCondition, memory: Memory): Promise<LeafSignal | undefined> {
    switch (leaf.kind) {
      case 'schedule':
        return undefined
      case 'new-data':
        return await this.#newData(projectId, leaf, memory)
      case 'performance':
      case 'drift':
        return await this.#ofChampion(projectId, leaf)
      case 'after':
        return { kind: 'after', successes: await this.#successes(projectId, leaf, memory) }
      case 'alert':
        return { kind: 'alert', open: this.#options.alerts.openOfMonitor(projectId, leaf.monitor).map(openAlert) }
      case 'reading':
        return { kind: 'reading', latest: await settled(() => latestReadings(this.#options.readings, projectId, leaf)) }
      default:
        return leaf satisfies never
    }
  }

  async #newData(
    projectId: string,
    leaf: Extract<LeafCondition, { kind: 'new-data' }>,
    memory: Memory,
  ): Promise<LeafSignal> {
    const offeredRun = this.#offeredRun(newDataMemory(leaf, memory))
    const files = await this.#files(projectId, leaf.dataset)
    if (files === undefined || 'problem' in files) return { kind: 'new-data', files, offeredRun, measured: undefined }
    const measured =
      files.value.key === 'none'
        ? { value: { rows: 0, time: null } }
        : this.#data.get(dataKey(projectId, leaf, files.value, this.#since(leaf, memory)))
    return { kind: 'new-data', files, offeredRun, measured }
  }

  async #ofChampion(
    projectId: string,
    leaf: Extract<LeafCondition, { kind: 'performance' | 'drift' }>,
  ): Promise<LeafSignal> {
    const champion = this.#options.champions.champion(leaf.model)
    const files = await this.#files(projectId, leaf.dataset)
    const isThere = files !== undefined && 'value' in files
    const key = championKey(champion, isThere ? files.value.key : 'none')
    const seen = champion === undefined ? null : { version: champion.version, key }
    const problem = files !== undefined && 'problem' in files ? files : undefined
    const name = measureName(leaf, key)
    return leaf.kind === 'performance'
      ? { kind: 'performance', champion: seen, measured: problem ?? this.#performance.get(name) }
      : { kind: 'drift', champion: seen, measured: problem ?? this.#drift.get(name) }
  }

  /** The first instant of rows that were not given to a run. */
  #since(leaf: LeafCondition, memory: Memory): string | null {
    const known = newDataMemory(leaf, memory)
    return baselineOf(known, this.#offeredRun(known))?.end ?? null
  }

  #offeredRun({ offered }: MemoryOf<'new-data'>): RunState | null {
    return offered === null ? null : this.#runState(offered.runId)
  }

  async #files(projectId: string, dataset: string): Promise<Seen<FilesState>> {
    try {
      const { spec, folder } = await this.#dataset(projectId, dataset)
      return { value: await this.#options.files.state(spec, folder) }
    } catch (error) {
      if (error instanceof EsteiraError) return { problem: error.message }
      throw error
    }
  }

  async #dataset(projectId: string, name: string): Promise<OpenDataset> {
    const { row, spec } = await this.#options.projects.open(projectId)
    const dataset = Object.hasOwn(spec.datasets, name) ? spec.datasets[name] : undefined
    if (dataset !== undefined) return { spec: dataset, folder: row.path, datasets: spec.datasets }
    const known = Object.keys(spec.datasets)
    const nearest = nearestName(name, known)
    throw new EsteiraError('dataset-not-found', `The project has no dataset "${name}".`, {
      allowed: known.join(', '),
      ...(nearest !== undefined && { nearest }),
    })
  }

  async #successes(projectId: string, leaf: Extract<LeafCondition, { kind: 'after' }>, memory: Memory) {
    const { projects, triggerRuns } = this.#options
    const known = memory[leafKey(leaf)]
    // Where the clock was set back, runs that ended since are to be told from those that were followed before.
    const since = Math.min(known?.kind === 'after' ? known.since : 0, this.#options.clock())
    if (leaf.project === null) return triggerRuns.successes(projectId, leaf.pipeline, since)
    const named = (await projects.list()).filter(({ name }) => name === leaf.project)
    if (named.length === 0) return null
    return named
      .flatMap(({ id }) => triggerRuns.successes(id, leaf.pipeline, since))
      .sort((a, b) => b.finishedAt - a.finishedAt)
  }

  #runState(id: string): RunState {
    try {
      const { status, finishedAt } = this.#options.runs.get(id)
      if (finishedAt === null) return 'under-way'
      return status === 'succeeded' ? 'succeeded' : 'failed'
    } catch (error) {
      // It was cleaned up: what it was given is long done with.
      if (error instanceof EsteiraError && error.code === 'run-not-found') return 'succeeded'
      throw error
    }
  }
}

function openAlert({ id, check, severity, raisedAt, reading }: Alert): OpenAlert {
  return { id, check, severity, raisedAt, reason: reading.reason, reading }
}

interface OpenDataset {
  readonly spec: DatasetSpec
  /** Of the project, as are all its datasets. */
  readonly folder: string
  readonly datasets: Readonly<Record<string, DatasetSpec>>
}

async function keep<Value>(known: Known<Value>, key: string, ask: () => Promise<Value>): Promise<void> {
  if (known.has(key)) return
  known.set(key, await settled(ask))
  const [oldest] = known.keys()
  if (known.size > keptMeasurements && oldest !== undefined) known.delete(oldest)
}

/** @throws what is no answer about the data: a stop, or a defect */
async function settled<Value>(ask: () => Promise<Value>): Promise<{ value: Value } | { problem: string }> {
  try {
    return { value: await ask() }
  } catch (error) {
    if (!(error instanceof EsteiraError) || error.code === 'cancelled') throw error
    return { problem: error.message }
  }
}

function newDataMemory(leaf: LeafCondition, memory: Memory): MemoryOf<'new-data'> {
  const known = memory[leafKey(leaf)]
  return known?.kind === 'new-data' ? known : { kind: 'new-data', trained: null, offered: null }
}

function dataKey(projectId: string, leaf: LeafCondition, files: FilesState, since: string | null): string {
  return hashJson(['data', projectId, leafKey(leaf), files.key, since])
}

function championKey(champion: Champion | undefined, filesKey: string): string {
  return `${champion?.version ?? 'none'} ${champion?.artifactHash.slice(0, 16) ?? ''} ${filesKey}`
}

function measureName(leaf: Extract<LeafCondition, { kind: 'performance' | 'drift' }>, key: string): string {
  const metric = leaf.kind === 'performance' ? leaf.metric : null
  return hashJson([leaf.kind, leaf.model, leaf.dataset, metric, leaf.windowMs, key])
}
