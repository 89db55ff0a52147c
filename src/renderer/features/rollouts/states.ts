import type { RolloutCheck, RolloutState } from '#shared/rollout.ts'
import type { Status } from '../../components/status.tsx'

/** How states look: words come from the page, icon and tone from what they resemble. */
export const markOf: Record<RolloutState, Status> = {
  running: 'running',
  promoted: 'succeeded',
  'rolled-back': 'failed',
  aborted: 'cancelled',
}
export const checkMarkOf: Record<RolloutCheck['status'], Status> = {
  passed: 'ok',
  waiting: 'waiting',
  stop: 'critical',
}
