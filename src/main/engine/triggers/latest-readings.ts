/** What the monitor of a condition last read, as far as the condition is about it. */
import { type CheckKind, checksRead, type MonitorState, type Reading } from '#shared/monitors.ts'
import type { LeafCondition } from '#shared/triggers.ts'
import type { SeenReading } from './signals.ts'

export interface MonitorReadings {
  /** @throws EsteiraError `monitor-not-found`, `monitor-invalid` */
  get(projectId: string, monitor: string): Promise<Pick<MonitorState, 'checks' | 'latest'>>
}

/** Of each check the newest. @throws EsteiraError `project-not-found`, `monitor-not-found`, `monitor-invalid` */
export async function latestReadings(
  monitors: MonitorReadings,
  projectId: string,
  { about, monitor, check: asked }: Extract<LeafCondition, { kind: 'reading' }>,
): Promise<SeenReading[]> {
  const { checks, latest } = await monitors.get(projectId, monitor)
  const { named, usual } = checksRead[about]
  const kinds: readonly CheckKind[] = asked === null ? usual : named
  const fitting = checks.filter(({ name, spec }) => kinds.includes(spec.kind) && (asked ?? name) === name)
  const names = fitting.map(({ name }) => name)
  return latest.flatMap(({ check, reading }) => (reading !== null && names.includes(check) ? [seen(reading)] : []))
}

function seen(reading: Reading): SeenReading {
  const { id, check, endpoint, at, from, to, model, version, value, metric, estimate, rows } = reading
  return { id, check, endpoint, at, from, to, model, version, value, metric, estimate, rows }
}
