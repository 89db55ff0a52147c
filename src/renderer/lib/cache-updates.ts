/** How an event changes what the page has cached: pure functions, then the one effect that applies them. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { backtestedPipeline } from '#shared/backtest-run.ts'
import type { EngineEvent } from '#shared/events.ts'
import type { Endpoint } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type { LogLine, MetricPoint, Run, RunSummary, StepExecution } from '#shared/runs.ts'
import type { EndpointTraffic } from '#shared/traffic.ts'
import { mergeTraffic } from './merge-traffic.ts'
import { queryKeys } from './query-keys.ts'

/** The log kept in the page. Older lines stay in the engine. */
export const maxLogLines = 20_000

export function isEnded(status: RunSummary['status']): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled'
}

export function withStep(run: Run, step: StepExecution): Run {
  return { ...run, steps: run.steps.map((each) => (each.name === step.name ? step : each)) }
}

/** Both lists in order of sequence, each line once. */
export function mergeLog(known: readonly LogLine[], added: readonly LogLine[]): LogLine[] {
  const last = known.at(-1)?.sequence ?? -1
  if (added.every((line) => line.sequence > last)) return [...known, ...added].slice(-maxLogLines)
  const bySequence = new Map([...known, ...added].map((line) => [line.sequence, line]))
  return [...bySequence.values()].sort((a, b) => a.sequence - b.sequence).slice(-maxLogLines)
}

/** A point replaces the one of the same step, name and index. */
export function mergeMetrics(known: readonly MetricPoint[], added: readonly MetricPoint[]): MetricPoint[] {
  const keyOf = (point: MetricPoint) => `${point.step}\n${point.name}\n${point.index}`
  return [...new Map([...known, ...added].map((point) => [keyOf(point), point])).values()]
}

export function withRun(page: Page<RunSummary>, run: RunSummary): Page<RunSummary> {
  return { ...page, items: page.items.map((each) => (each.id === run.id ? { ...each, ...run } : each)) }
}

export function withEndpoint(endpoints: readonly Endpoint[], endpoint: Endpoint): Endpoint[] {
  const others = endpoints.filter((each) => each.name !== endpoint.name)
  return [...others, endpoint].sort((a, b) => a.name.localeCompare(b.name))
}

function applyRun(client: QueryClient, run: RunSummary): void {
  const latest = client.getQueryData<Page<RunSummary>>(queryKeys.latestRuns)
  const known = latest?.items.find((each) => each.id === run.id)
  client.setQueryData<Run>(queryKeys.run(run.id), (cached) => cached && { ...cached, ...run })
  client.setQueryData<Page<RunSummary>>(queryKeys.latestRuns, (page) => page && withRun(page, run))
  client.setQueriesData<InfiniteData<Page<RunSummary>>>(
    { queryKey: queryKeys.runPages },
    (data) => data && { ...data, pages: data.pages.map((page) => withRun(page, run)) },
  )
  // A new run, or one that may now belong to another filter: let the engine say which lists hold it.
  if (known?.status !== run.status) client.invalidateQueries({ queryKey: queryKeys.runs })
  if (!isEnded(run.status)) return
  client.invalidateQueries({ queryKey: queryKeys.run(run.id) })
  if (backtestedPipeline(run.pipeline) !== undefined) client.invalidateQueries({ queryKey: queryKeys.backtests })
}

/** What the story of an endpoint is told from. */
const toldInTimelines: ReadonlySet<EngineEvent['type']> = new Set([
  'run-changed',
  'model-changed',
  'triggers-changed',
  'alert-changed',
  'endpoint-changed',
])

/** Brings the cache up to what the event says. */
export function applyEvent(client: QueryClient, event: EngineEvent): void {
  if (toldInTimelines.has(event.type)) client.invalidateQueries({ queryKey: queryKeys.timelines })
  switch (event.type) {
    case 'run-changed':
      applyRun(client, event.run)
      return
    case 'step-changed':
      client.setQueryData<Run>(queryKeys.run(event.runId), (run) => run && withStep(run, event.step))
      return
    case 'log':
      client.setQueryData<LogLine[]>(queryKeys.runLog(event.runId), (lines) => lines && mergeLog(lines, event.lines))
      return
    case 'metrics':
      client.setQueryData<MetricPoint[]>(
        queryKeys.runMetrics(event.runId),
        (points) => points && mergeMetrics(points, event.points),
      )
      return
    case 'project-changed':
      client.invalidateQueries({ queryKey: queryKeys.projects })
      client.invalidateQueries({ queryKey: queryKeys.pipelines(event.projectId) })
      return
    case 'model-changed':
      client.invalidateQueries({ queryKey: queryKeys.models })
      client.invalidateQueries({ queryKey: queryKeys.ofModel(event.model) })
      // An alias that moved on leaves nothing to decide.
      client.invalidateQueries({ queryKey: queryKeys.approvals })
      return
    case 'approval-changed':
      client.invalidateQueries({ queryKey: queryKeys.approvals })
      return
    case 'alert-changed':
      client.invalidateQueries({ queryKey: queryKeys.alerts })
      return
    case 'triggers-changed':
      client.invalidateQueries({ queryKey: queryKeys.triggers })
      return
    case 'clean-up-changed':
      client.setQueryData(queryKeys.cleanUp, { underWay: event.underWay, removedRuns: event.removedRuns })
      if (event.underWay) return
      client.invalidateQueries({ queryKey: queryKeys.diskUse })
      client.invalidateQueries({ queryKey: queryKeys.runs })
      return
    case 'monitors-changed':
    case 'reading':
      client.invalidateQueries({ queryKey: queryKeys.monitors })
      return
    case 'traffic':
      for (const traffic of event.endpoints) {
        client.setQueryData<EndpointTraffic>(
          queryKeys.traffic(traffic.endpoint),
          (known) => known && mergeTraffic(known, traffic),
        )
      }
      return
    case 'rollout-changed':
      client.invalidateQueries({ queryKey: queryKeys.rollouts(event.endpoint) })
      client.invalidateQueries({ queryKey: queryKeys.infrastructureChecks(event.endpoint) })
      return
    case 'endpoint-changed':
      client.setQueryData<Endpoint[]>(queryKeys.endpoints, (list) => list && withEndpoint(list, event.endpoint))
      client.invalidateQueries({ queryKey: queryKeys.revisions(event.endpoint.name) })
      client.invalidateQueries({ queryKey: queryKeys.infrastructureChecks(event.endpoint.name) })
      client.invalidateQueries({ queryKey: queryKeys.outside })
  }
}
