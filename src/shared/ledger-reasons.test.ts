import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LedgerReason, ledgerReasonOf, ledgerText } from './ledger-reasons.ts'

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/)
const number = fc.integer({ min: 1, max: 1e9 })
const more = fc.string({ unit: 'grapheme' })
const reasons: fc.Arbitrary<LedgerReason> = fc.oneof(
  fc.constant({ kind: 'no-gate' as const }),
  fc.constant({ kind: 'not-promoting' as const }),
  fc.constant({ kind: 'withdrawn' as const }),
  fc.record({ kind: fc.constant('rolled-back' as const), revision: number, more }),
  fc.record({ kind: fc.constant('rolled-back-from' as const), version: fc.option(number) }),
  fc.record({ kind: fc.constant('taken-back' as const), version: number, endpoint: name, more }),
  fc.record({
    kind: fc.constant('alert' as const),
    ...{ monitor: name, check: name },
    read: fc.string({ unit: 'grapheme', minLength: 1 }),
  }),
)

test('what is written is read again', () => {
  fc.assert(
    fc.property(reasons, (reason) => {
      expect(ledgerReasonOf(ledgerText(reason))).toEqual(reason)
    }),
  )
})

test('the words of a person stay what they are', () => {
  for (const text of ['', 'Rolled back because I say so.', 'Version 3 was taken back.', 'Monitor is red, check it']) {
    expect(ledgerReasonOf(text)).toEqual({ kind: 'told', text })
  }
})
