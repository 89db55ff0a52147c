/** Where the evidence of an entry stands. Pure. */
import type { TimelineEntry } from '#shared/timeline.ts'

const segment = encodeURIComponent

export function evidencePath(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'reading':
    case 'alert':
    case 'act':
      return `/alerts/${segment(entry.alertId)}`
    case 'decision':
      return entry.runId === null ? `/triggers/${segment(entry.triggerId)}` : `/runs/${segment(entry.runId)}`
    case 'run':
      return `/runs/${segment(entry.runId)}`
    case 'gate':
      return entry.model === null || entry.version === null
        ? `/runs/${segment(entry.runId)}?step=${segment(entry.step)}`
        : `/models/${segment(entry.model)}/${entry.version}`
    case 'alias':
      return entry.toVersion === null
        ? `/models/${segment(entry.model)}`
        : `/models/${segment(entry.model)}/${entry.toVersion}`
    case 'revision':
      return `/models/${segment(entry.model)}/${entry.version}`
    case 'rollout':
      return '?tab=rollout'
    default:
      return entry satisfies never
  }
}
