import { expect, it } from 'vitest'
import type { Revision } from '#shared/models.ts'
import { decideRollBack } from './roll-back-act.ts'
import { readingAt } from './testing/readings.ts'

const revision = (number: number, version: number, more: Partial<Revision> = {}): Revision => ({
  id: `v${number}`,
  endpoint: 'flights',
  number,
  model: 'flights',
  version,
  createdAt: number * 100,
  actor: 'run r',
  reason: '',
  ...more,
})
const { parts: _, ...reading } = readingAt(5_000, 0.5)
const alert = { id: 'a1', state: 'open' as const, reading }

it('goes back to the newest revision of another version', () => {
  expect(decideRollBack(alert, [revision(3, 2), revision(2, 2), revision(1, 1)])).toMatchObject({
    kind: 'roll-back',
    to: { number: 1 },
  })
})
it('is done where the ledger has it: an alert rolls back once', () => {
  const done = revision(3, 1, { actor: 'alert a1' })
  expect(decideRollBack(alert, [revision(4, 9), done, revision(2, 2)])).toEqual({ kind: 'done', revision: done })
})
it('is refused with a reason where it would not help', () => {
  const reasonOf = (...given: Parameters<typeof decideRollBack>) => {
    const decision = decideRollBack(...given)
    return decision.kind === 'refused' ? decision.reason : decision.kind
  }
  expect(reasonOf(alert, [])).toBe('The endpoint has no revision.')
  expect(reasonOf(alert, [revision(1, 2)])).toBe('No other version has answered here before.')
  expect(reasonOf({ ...alert, state: 'cleared' }, [revision(2, 2), revision(1, 1)])).toBe('The alert is over.')
  expect(reasonOf(alert, [revision(3, 3), revision(2, 2)])).toBe(
    'Version 3 of flights answers since revision 3; what was read is of version 2.',
  )
  expect(reasonOf(alert, [revision(2, 2, { createdAt: 6_000 }), revision(1, 1)])).toBe(
    'Revision 2 is newer than what was read.',
  )
  expect(reasonOf(alert, [revision(3, 2, { actor: 'alert a0' }), revision(2, 1)])).toMatch(/round in a circle/)
})
