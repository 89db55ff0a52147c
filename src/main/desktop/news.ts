/** What a person should hear of even when the window is closed. */
import type { EngineEvent } from '#shared/events.ts'
import type { Texts } from './texts.ts'

export interface News {
  /** The same event may come more than once; news with the same key is told once. */
  readonly key: string
  readonly title: string
  readonly body: string
  /** The page that shows it. */
  readonly path: string
}

/** The name of a run's pipeline; undefined for a run that was not heard of. */
export type PipelineOf = (runId: string) => string | undefined

type Reporter = (event: EngineEvent, texts: Texts, pipelineOf: PipelineOf) => News | undefined

const runFailed: Reporter = (event, texts) => {
  if (event.type !== 'run-changed' || event.run.status !== 'failed') return undefined
  const { id, pipeline, finishedAt, error } = event.run
  return {
    key: `failed ${id} ${finishedAt}`,
    title: texts.runFailed(pipeline),
    body: error?.detail ?? '',
    path: `/runs/${id}`,
  }
}

/** A gate that ran well and said no. */
const gateRejected: Reporter = (event, texts, pipelineOf) => {
  if (event.type !== 'step-changed') return undefined
  const { runId, step } = event
  if (step.status !== 'succeeded' || step.values.blessed !== false) return undefined
  const { reason } = step.values
  return {
    key: `rejected ${runId} ${step.name} ${step.finishedAt}`,
    title: texts.gateRejected(pipelineOf(runId) ?? step.name),
    body: typeof reason === 'string' ? reason : '',
    path: `/runs/${runId}`,
  }
}

/** A gate that leaves the decision to a person. */
const approvalNeeded: Reporter = (event, texts) => {
  if (event.type !== 'approval-changed' || event.approval.state !== 'pending') return undefined
  const { id, model, version, reason, decision } = event.approval
  // Taken back by the person, who knows of it.
  if (decision !== null) return undefined
  return {
    key: `approval ${id}`,
    title: texts.approvalNeeded(model, version),
    body: reason,
    path: `/models/${encodeURIComponent(model)}/${version}`,
  }
}

/** An alert that is open, where its monitor wants the desktop told; again when it becomes critical. */
const alertRaised: Reporter = (event, texts) => {
  if (event.type !== 'alert-changed' || !event.alert.desktop || event.alert.state !== 'open') return undefined
  const { id, monitor, check, severity, worst, acknowledged, reading } = event.alert
  // Someone has seen to it; and what has eased is no news.
  if (acknowledged !== null || severity !== worst) return undefined
  return {
    key: `alert ${id} ${severity}`,
    title: severity === 'critical' ? texts.alertCritical(monitor, check) : texts.alertRaised(monitor, check),
    body: reading.reason,
    path: `/alerts/${encodeURIComponent(id)}`,
  }
}

const reporters: readonly Reporter[] = [runFailed, gateRejected, approvalNeeded, alertRaised]

/** How much of the past is remembered, so that nothing is told twice. */
const rememberedNews = 500

/** Finds the news in the events of the engine. */
export class NewsDesk {
  readonly #told = new Set<string>()

  /** What an event tells that was not told before. */
  take(event: EngineEvent, texts: Texts, pipelineOf: PipelineOf): News[] {
    const news = reporters
      .map((report) => report(event, texts, pipelineOf))
      .filter((each) => each !== undefined)
      .filter(({ key }) => !this.#told.has(key))
    for (const { key } of news) this.#remember(key)
    return news
  }

  #remember(key: string): void {
    this.#told.add(key)
    const [oldest] = this.#told
    if (this.#told.size > rememberedNews && oldest !== undefined) this.#told.delete(oldest)
  }
}
