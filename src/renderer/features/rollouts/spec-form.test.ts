import { expect, it } from 'vitest'
import { readSpec } from './spec-form.ts'

const form = { kind: 'canary', steps: '5, 25 50%', hold: '10m', share: '50', key: '', metric: 'auc' } as const

it('reads percentages as shares, and leaves the rest as it usually is', () => {
  const read = readSpec(form)
  expect(read).toMatchObject({
    success: true,
    data: { kind: 'canary', steps: [0.05, 0.25, 0.5], minimumRequests: 200 },
  })
})

it('says which field is wrong', () => {
  expect(readSpec({ ...form, steps: '50, 25' })).toMatchObject({
    success: false,
    problems: { steps: expect.stringMatching(/rise/) },
  })
  expect(readSpec({ ...form, hold: 'soon' })).toMatchObject({
    success: false,
    problems: { hold: expect.stringMatching(/number with a unit/) },
  })
  expect(readSpec({ ...form, steps: 'some' }).success).toBe(false)
  const test = readSpec({ ...form, kind: 'a-b', share: '0' })
  expect(test.success ? [] : Object.keys(test.problems).toSorted()).toEqual(['key', 'share'])
})

it('a shadow may be asked everything', () => {
  expect(readSpec({ ...form, kind: 'shadow', share: '100' })).toEqual({
    success: true,
    data: { kind: 'shadow', share: 1 },
  })
})
