/** One look at a monitor: gathers what its checks are about, asks for the outcomes, and makes readings of them. */

import { durationMs } from '#shared/durations.ts'
import type { ModelVersion } from '#shared/models.ts'
import type { Monitor, MonitorCheck, Reading } from '#shared/monitors.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { newId } from '../kernel/ids.ts'
import type { Registry } from '../registry/registry.ts'
import type { Endpoints } from '../serving/endpoints.ts'
import { judge, unitOf } from './checks/judge.ts'
import { missingLabelsOutcome, performanceOutcome } from './checks/labels.ts'
import { nothingToSay, type Outcome } from './checks/outcome.ts'
import type { HourStore } from './hour-store.ts'
import { type LabelScores, scoredRows, scoredSlice } from './label-scores.ts'
import { sketchedWindowsOf } from './looks/look.ts'
import type { Looker, LookOptions } from './looks/looker.ts'
import type { AskedCheck, HourSketch, JudgedVersion } from './looks/questions.ts'
import { hourOf, type Span, windowAt } from './looks/windows.ts'
import type { NewReading } from './reading-store.ts'

/** What the evaluation of a version is known by, and says. */
export interface VersionEvaluation {
  readonly artifactHash: string
  readonly importance: JudgedVersion['importance']
}

export interface LookParts {
  readonly endpoints: Pick<Endpoints, 'find'>
  readonly registry: Pick<Registry, 'getVersion'>
  readonly artifacts: Pick<ArtifactStore, 'files'>
  readonly evaluationOf: (version: ModelVersion) => Promise<VersionEvaluation | null>
  readonly labels: LabelScores
  readonly hours: HourStore
  readonly looker: Looker
  /** Of the request log. */
  readonly logPath: string
  /** The folder of a project. */
  readonly folderOf: (projectId: string) => string
}

export interface LookTime {
  /** The end of what is looked at. */
  readonly at: number
  readonly now: number
}

export interface Looked {
  readonly readings: readonly NewReading[]
  /** To be kept. */
  readonly hours: readonly HourSketch[]
}

/** Rows may come to the log so long after they were answered. */
const settleMs = 600_000

interface Serving {
  readonly judged: JudgedVersion
  readonly revision: number
}

export async function lookAtMonitor(
  parts: LookParts,
  monitor: Monitor,
  { at, now }: LookTime,
  { signal, onProgress }: LookOptions,
): Promise<Looked> {
  const serving = await servingOf(parts, monitor.endpoint)
  const asked = monitor.checks.map((check): AskedCheck => ({ check, window: windowOf(check, at) }))
  // No traffic is no alarm where there was nothing to ask yet.
  const since = parts.endpoints.find(monitor.endpoint)?.createdAt ?? Number.POSITIVE_INFINITY
  const alive = asked.filter(({ window }) => window.to > since)
  const [byLabels, byRows] = [alive.filter(isAboutLabels), alive.filter((one) => !isAboutLabels(one))]
  const known = knownHours(parts.hours, monitor.endpoint, byRows)
  const { outcomes, hours } = await parts.looker.look(
    {
      endpoint: monitor.endpoint,
      logPath: parts.logPath,
      folder: parts.folderOf(monitor.projectId),
      checks: byRows,
      version: serving?.judged ?? null,
      known,
      settledUntil: now - settleMs,
    },
    { signal, ...(onProgress !== undefined && { onProgress }) },
  )
  const found = new Map(byRows.map((one, index) => [one, outcomes[index]]))
  for (const [index, one] of byLabels.entries()) {
    signal.throwIfAborted()
    found.set(one, await labelOutcome(parts.labels, one, monitor.endpoint, serving, signal))
    onProgress?.(byRows.length + index + 1)
  }
  const readings = asked.map((one) => {
    const outcome = found.get(one) ?? nothingToSay(unitOf(one.check.spec), { kind: 'no-endpoint' })
    return { reading: readingOf(monitor, one, outcome, serving, now), evidence: outcome.evidence }
  })
  return { readings, hours }
}

/** Labels that are missing are looked for where they were due. */
function windowOf({ spec, window }: MonitorCheck, at: number): Span {
  const span = windowAt(window, at)
  if (spec.kind !== 'missing-labels') return span
  const afterMs = durationMs(spec.after) ?? 0
  return { from: span.from - afterMs, to: span.to - afterMs }
}

function isAboutLabels({ check: { spec } }: AskedCheck): boolean {
  return spec.kind === 'performance' || spec.kind === 'missing-labels'
}

function knownHours(hours: HourStore, endpoint: string, checks: readonly AskedCheck[]): HourSketch[] {
  const windows = checks.flatMap(sketchedWindowsOf)
  if (windows.length === 0) return []
  const from = Math.min(...windows.map((window) => window.from))
  const to = Math.max(...windows.map((window) => window.to))
  return hours.hours(endpoint, { from, to: hourOf(to) })
}

async function servingOf(parts: LookParts, name: string): Promise<Serving | null> {
  const revision = parts.endpoints.find(name)?.revision
  if (revision === undefined || revision === null) return null
  const version = parts.registry.getVersion(revision.model, revision.version)
  const evaluation = await parts.evaluationOf(version)
  const [files, evaluated] = await Promise.all([
    parts.artifacts.files(version.artifactHash),
    evaluation === null ? null : parts.artifacts.files(evaluation.artifactHash),
  ])
  const { model, version: number, signature } = version
  const importance = evaluation?.importance ?? null
  const judged = { model, version: number, signature, package: files, evaluation: evaluated, importance }
  return { judged, revision: revision.number }
}

async function labelOutcome(
  labels: LabelScores,
  { check: { spec, minRows }, window }: AskedCheck,
  endpoint: string,
  serving: Serving | null,
  signal: AbortSignal,
): Promise<Outcome> {
  if (spec.kind === 'missing-labels') {
    return missingLabelsOutcome(await labels.score({ endpoint, ...window }, signal))
  }
  if (spec.kind !== 'performance') throw new Error(`No label is asked for by ${spec.kind}.`)
  if (serving === null) return nothingToSay('metric', { kind: 'no-model' })
  const question = { endpoint, ...window, revision: serving.revision }
  const all = await labels.score(question, signal)
  const slices = spec.slice === undefined ? [] : await labels.slices(question, spec.slice, signal)
  return performanceOutcome(scoredRows(all), slices.map(scoredSlice), { spec, minRows })
}

/** Questions about requests are about no model. */
function isAboutModel({ kind }: MonitorCheck['spec']): boolean {
  return kind !== 'traffic' && kind !== 'latency' && kind !== 'errors'
}

function readingOf(
  { projectId, name, endpoint }: Monitor,
  { check, window }: AskedCheck,
  outcome: Outcome,
  serving: Serving | null,
  now: number,
): Reading {
  const { spec } = check
  const { value, unit, metric, interval, rows, parts } = outcome
  const { status, reason } = judge(check, outcome)
  const judged = isAboutModel(spec) ? serving?.judged : undefined
  return {
    ...{ id: newId(now), projectId, monitor: name, check: check.name, kind: spec.kind, endpoint, at: now, ...window },
    model: judged?.model ?? null,
    version: judged?.version ?? null,
    value: status === 'no-data' ? null : value,
    unit,
    ...(metric !== undefined && { metric }),
    ...(interval !== undefined && status !== 'no-data' && { interval }),
    estimate: spec.kind === 'estimated-performance',
    rows,
    status,
    reason,
    ...(status === 'no-data' && { minRows: check.minRows, ...(outcome.nothing && { nothing: outcome.nothing }) }),
    limits: { warning: spec.warning ?? null, critical: spec.critical ?? null },
    parts: [...parts],
  }
}
