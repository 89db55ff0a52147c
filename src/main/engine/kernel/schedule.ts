/**
 * When a cron schedule comes due. Pure: the time is an argument.
 *
 * The meaning of an expression is node-cron's: five fields or a name such as @daily; day of month and day of week must both
 * match. What it has no function for is here: the due times from any given instant on, safe across daylight saving. A
 * schedule speaks of wall-clock times; it comes due at the first instant at which the clock on the wall shows that time or a
 * later one. So a time that a clock change leaves out comes due once, right after the gap, and one that occurs twice comes
 * due at its first occurrence alone.
 */
import { createTask, parse, validateDetailed } from 'node-cron'

/** A reading of the clock on the wall, as if it were UTC, in milliseconds. */
type WallTime = number

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** A 29 February that must be a certain day of the week can take 40 years, around a century without leap year. */
const maxDaysAhead = 366 * 41
/** No time zone jumps by more than a day, nor twice within this time. */
const jumpSearchMs = 36 * hourMs

/** What is wrong with a cron expression; undefined where nothing is. */
export function scheduleProblem(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/).length
  if (fields !== 5 && !schedule.trim().startsWith('@'))
    return `the schedule has ${fields} ${fields === 1 ? 'field' : 'fields'} instead of 5`
  const [error] = validateDetailed(schedule).errors
  if (error === undefined) return undefined
  if (error.field === 'expression') return 'the schedule cannot be read'
  const name = error.field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return `the field for the ${name} cannot be ${error.value ?? 'this'}`
}

export function isTimeZone(timeZone: string): boolean {
  try {
    wallClock(timeZone)
    return true
  } catch {
    return false
  }
}

/** The time zone of this machine. */
export function machineTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The due times after an instant, in order and without end, save for a schedule whose days have run out. */
export function* firings(schedule: string, timeZone: string, after: number): Generator<number, void> {
  let previous = after
  for (const wallTime of wallTimes(schedule, wallTimeAt(after, timeZone))) {
    const instant = firstInstantAt(wallTime, timeZone)
    if (instant > previous) yield instant
    previous = Math.max(previous, instant)
  }
}

/** The first `count` due times after an instant. */
export function nextFirings(schedule: string, timeZone: string, after: number, count: number): number[] {
  return [...firings(schedule, timeZone, after).take(count)]
}

/** The first due time after an instant; undefined if there is none. */
export function nextFiring(schedule: string, timeZone: string, after: number): number | undefined {
  return nextFirings(schedule, timeZone, after, 1)[0]
}

/** The latest due time after `after` and not after `until`; undefined if there is none. Quick however far apart they are. */
export function latestFiring(schedule: string, timeZone: string, after: number, until: number): number | undefined {
  const first = nextFiring(schedule, timeZone, after)
  if (first === undefined || first > until) return undefined
  for (let span = 2 * minuteMs; ; span *= 2) {
    const start = Math.max(after, until - span)
    let latest: number | undefined
    for (const instant of firings(schedule, timeZone, start)) {
      if (instant > until) break
      latest = instant
    }
    if (latest !== undefined) return latest
  }
}

function* wallTimes(schedule: string, from: WallTime): Generator<WallTime, void> {
  const fields = parse(schedule)
  const hours = fields.hour.toSorted((a, b) => a - b)
  const minutes = fields.minute.toSorted((a, b) => a - b)
  const isDay = dayMatcher(schedule, (hours[0] ?? 0) * hourMs + (minutes[0] ?? 0) * minuteMs)
  const firstDay = Math.floor(from / dayMs) * dayMs
  for (let ahead = 0; ahead < maxDaysAhead; ahead++) {
    const day = firstDay + ahead * dayMs
    const date = new Date(day)
    if (!fields.month.includes(date.getUTCMonth() + 1)) continue
    if (!mayBe(fields.dayOfMonth, date.getUTCDate()) || !mayBe(fields.dayOfWeek, date.getUTCDay())) continue
    if (!isDay(day)) continue
    for (const hour of hours) {
      for (const minute of minutes) {
        const wallTime = day + hour * hourMs + minute * minuteMs
        if (wallTime >= from) yield wallTime
      }
    }
  }
}

/** Quick: false only where no value can match. Texts such as "L" (the last day) depend on the month. */
function mayBe(allowed: readonly (number | string)[], value: number): boolean {
  return allowed.includes(value) || allowed.some((entry) => typeof entry === 'string')
}

/** Whether the schedule has times on the day that begins at a wall time, as node-cron sees it. */
function dayMatcher(schedule: string, timeOfDayMs: number): (day: WallTime) => boolean {
  const task = createTask(schedule, () => {}, { timezone: 'UTC' })
  // Out of the list of tasks that node-cron keeps: this one is never to be started.
  void task.destroy()
  return (day) => task.match(new Date(day + timeOfDayMs))
}

const wallClocks = new Map<string, Intl.DateTimeFormat>()

function wallClock(timeZone: string): Intl.DateTimeFormat {
  const known = wallClocks.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  wallClocks.set(timeZone, made)
  return made
}

function wallTimeAt(instant: number, timeZone: string): WallTime {
  const parts = new Map(
    wallClock(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const seconds = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  const milliseconds = ((instant % 1_000) + 1_000) % 1_000
  return seconds + milliseconds
}

function offsetAt(instant: number, timeZone: string): number {
  return wallTimeAt(instant, timeZone) - instant
}

/** The first instant at which the clock on the wall shows the time or a later one. */
function firstInstantAt(wallTime: WallTime, timeZone: string): number {
  const before = offsetAt(wallTime - jumpSearchMs, timeZone)
  const after = offsetAt(wallTime + jumpSearchMs, timeZone)
  const candidates = [wallTime - before, wallTime - after].filter(
    (instant) => wallTimeAt(instant, timeZone) === wallTime,
  )
  if (candidates.length > 0) return Math.min(...candidates)
  // The clock jumps over this time: the jump is between the readings by the two offsets.
  let low = wallTime - after
  let high = wallTime - before
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (wallTimeAt(middle, timeZone) >= wallTime) high = middle
    else low = middle
  }
  return high
}
