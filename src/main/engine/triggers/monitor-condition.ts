/** Whether what a monitor last read in production is beyond the limit of a trigger. Pure. */
import type { LeafCondition } from '#shared/triggers.ts'
import { clockStepMs } from './clock-step.ts'
import type { Reading } from './condition-reading.ts'
import type { MemoryOf } from './memory.ts'
import type { ReadingSignal, SeenReading } from './signals.ts'

type Leaf = Extract<LeafCondition, { kind: 'reading' }>
type ActedOn = MemoryOf<'reading'>['actedOn']

/**
 * A reading that a run was started for starts no other one, and neither do later ones of the same version whose rows are in
 * part the same: a sliding window tells the same for as long as it is. Rows that came since, or another version, do.
 */
export function readMonitor(leaf: Leaf, memory: MemoryOf<'reading'>, { latest }: ReadingSignal, now: number): Reading {
  const { about, monitor, check, limit, side } = leaf
  const subject = { kind: 'reading' as const, about, monitor, check, limit, side }
  if ('problem' in latest) {
    const evidence = { ...subject, met: false, reading: null, reason: 'unreadable' as const, problem: latest.problem }
    return { met: false, evidence, values: {} }
  }
  const told = latest.value.filter(({ value }) => value !== null).sort((a, b) => beyondBy(b, leaf) - beyondBy(a, leaf))
  const beyond = told.filter((reading) => beyondBy(reading, leaf) > 0)
  const chosen = beyond.find((reading) => !isActedOn(reading, memory.actedOn, now))
  const reading = chosen ?? told[0] ?? latest.value[0] ?? null
  const reason = chosen !== undefined ? 'beyond' : beyond.length > 0 ? 'acted-on' : reasonNot(reading)
  return {
    met: chosen !== undefined,
    evidence: { ...subject, met: chosen !== undefined, reading, reason, problem: null },
    silent: reason === 'none-yet',
    values: chosen === undefined ? {} : { reading: chosen.id },
    // By hand as well: what is read now is known to the run.
    acted: () => ({ kind: 'reading', actedOn: [...keptOf(memory.actedOn, beyond), ...beyond.map(actedOnOf)] }),
  }
}

/** Above 0: beyond the limit. */
function beyondBy({ value }: SeenReading, { side, limit }: Leaf): number {
  return side === 'below' ? limit - (value ?? limit) : (value ?? limit) - limit
}

function isActedOn({ check, version, from }: SeenReading, actedOn: ActedOn, now: number): boolean {
  return actedOn.some(
    // What was read in the far future: the clock was wrong then.
    (acted) => acted.check === check && acted.version === version && from < acted.to && acted.to <= now + clockStepMs,
  )
}

function reasonNot(reading: SeenReading | null): 'within' | 'no-data' | 'none-yet' {
  if (reading === null) return 'none-yet'
  return reading.value === null ? 'no-data' : 'within'
}

function keptOf(actedOn: ActedOn, beyond: readonly SeenReading[]): ActedOn {
  return actedOn.filter(({ check }) => !beyond.some((reading) => reading.check === check))
}

function actedOnOf({ check, version, to }: SeenReading): ActedOn[number] {
  return { check, version, to }
}
