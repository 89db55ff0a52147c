import type { MenuItemConstructorOptions } from 'electron'
import type { Language } from '#shared/desktop.ts'
import type { RunSummary } from '#shared/runs.ts'
import type { TriggerState } from '#shared/triggers.ts'
import type { Texts } from './texts.ts'

/** `attention`: a run failed or a gate rejected since someone last looked, or the engine is away. */
export type TrayState = 'idle' | 'running' | 'attention'

export interface TrayView {
  readonly texts: Texts
  readonly language: Language
  readonly state: TrayState
  /** In words. */
  readonly summary: string
  readonly latest: readonly RunSummary[]
  readonly triggers: TriggerState
}

export interface TrayActions {
  show(): void
  goTo(path: string): void
  pauseTriggers(paused: boolean): void
  quit(): void
}

type Item = MenuItemConstructorOptions
const separator: Item = { type: 'separator' }
const shownTriggers = 3

export function trayMenu(view: TrayView, actions: TrayActions): Item[] {
  const { texts, summary } = view
  return [
    { label: summary, enabled: false },
    separator,
    ...triggerItems(view, actions),
    ...runItems(view, actions),
    { label: texts.show, click: actions.show },
    { label: texts.quit, click: actions.quit },
  ]
}

/** When what runs next, and the switch for all of it; nothing where there are no triggers. */
function triggerItems({ texts, language, triggers }: TrayView, actions: TrayActions): Item[] {
  const { paused } = triggers
  if (triggers.triggers.length === 0) return []
  const time = new Intl.DateTimeFormat(language, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  // First those whose time is known, then those that wait for something else.
  const next = triggers.triggers
    .filter(({ pausedAt }) => pausedAt === null)
    .sort((a, b) => (a.nextAt ?? Number.POSITIVE_INFINITY) - (b.nextAt ?? Number.POSITIVE_INFINITY))
  return [
    { label: paused ? texts.triggersPaused : texts.nextRuns, enabled: false },
    ...next.slice(0, shownTriggers).map(({ id, pipeline, label, nextAt }) => ({
      label: `${pipeline} · ${nextAt === null ? label : time.format(nextAt)}`,
      click: () => actions.goTo(`/triggers/${encodeURIComponent(id)}`),
    })),
    { label: paused ? texts.resumeTriggers : texts.pauseTriggers, click: () => actions.pauseTriggers(!paused) },
    separator,
  ]
}

function runItems({ texts, latest }: TrayView, { goTo }: TrayActions): Item[] {
  if (latest.length === 0) return []
  return [
    { label: texts.latestRuns, enabled: false },
    ...latest.map(({ id, pipeline, status }) => ({
      label: `${pipeline} · ${texts.runStatus[status]}`,
      click: () => goTo(`/runs/${encodeURIComponent(id)}`),
    })),
    separator,
  ]
}
