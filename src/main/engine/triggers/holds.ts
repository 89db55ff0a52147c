/** What keeps a run from starting although its conditions are met. Pure. */
import type { Hold, Restraints } from '#shared/triggers.ts'
import { latestFiring, nextFiring } from '../kernel/schedule.ts'
import { clockStepMs } from './clock-step.ts'
import type { Signals } from './signals.ts'

const dayMs = 24 * 60 * 60_000

/** All of them, so that a person sees at once what must pass. */
export function holdsOf(
  restraints: Restraints,
  signals: Pick<Signals, 'underWay' | 'lastAt' | 'usedSince'>,
  now: number,
): Hold[] {
  const { underWay } = signals
  return [
    ...(underWay !== null && !restraints.overlap ? [{ kind: 'overlap' as const, runId: underWay }] : []),
    ...cooldown(restraints, signals.lastAt, now),
    ...quietHours(restraints, now),
    ...budget(restraints, signals.usedSince, now),
  ]
}

function cooldown({ cooldownMs }: Restraints, lastAt: number | null, now: number): Hold[] {
  // A last run in the far future: the clock was wrong then.
  if (cooldownMs === null || lastAt === null || lastAt > now + clockStepMs) return []
  const until = lastAt + cooldownMs
  return until > now ? [{ kind: 'cooldown', until }] : []
}

function quietHours({ quietHours: hours, timeZone }: Restraints, now: number): Hold[] {
  if (hours === null || hours.from === hours.to) return []
  // Which of the two the clock on the wall showed last, across every change of daylight saving.
  const began = lastShown(hours.from, timeZone, now)
  const ended = lastShown(hours.to, timeZone, now)
  const until = nextFiring(daily(hours.to), timeZone, now)
  return began > ended && until !== undefined ? [{ kind: 'quiet-hours', until }] : []
}

function lastShown(time: string, timeZone: string, now: number): number {
  return latestFiring(daily(time), timeZone, now - 2 * dayMs, now) ?? 0
}

function daily(time: string): string {
  const [hour = '0', minute = '0'] = time.split(':')
  return `${Number(minute)} ${Number(hour)} * * *`
}

function budget({ budget: limits, timeZone }: Restraints, usedSince: Signals['usedSince'], now: number): Hold[] {
  if (limits === null) return []
  const used = usedSince(lastShown('00:00', timeZone, now))
  const until = nextFiring(daily('00:00'), timeZone, now) ?? now + dayMs
  return (['runs', 'minutes'] as const).flatMap((unit) => {
    const limit = limits[unit]
    return limit !== null && used[unit] >= limit
      ? [{ kind: 'budget' as const, unit, used: used[unit], limit, until }]
      : []
  })
}
