import { expect, test } from 'vitest'
import { defaultHomeSettings } from '#shared/settings.ts'
import { choicesWith, formerValues, portOf, shares } from './changes.ts'

test('what takes a change back is what it replaces, and nothing else', () => {
  const settings = { ...defaultHomeSettings, retentionDays: 30 }
  expect(formerValues(settings, { retentionDays: null, controlPort: 5000 })).toEqual({
    retentionDays: 30,
    controlPort: 4870,
  })
  expect(formerValues(settings, { retentionDays: 30 })).toBeUndefined()
  expect(formerValues({ ...settings, retentionDays: null }, { retentionDays: 7 })).toEqual({ retentionDays: null })
})

test('a value that was set elsewhere is among the choices', () => {
  expect(choicesWith([7, 30], null)).toEqual([7, 30, null])
  expect(choicesWith([7, 30], 30)).toEqual([7, 30, null])
  expect(choicesWith([7, 30], 12)).toEqual([7, 12, 30, null])
})

test('only ports that a server can have are ports', () => {
  expect(portOf(' 4870 ')).toBe(4870)
  for (const text of ['', '80', '65536', '4e3', '48 70', '-1']) expect(portOf(text)).toBeUndefined()
})

test('shares of nothing are nothing', () => {
  expect(shares([1, 3])).toEqual([0.25, 0.75])
  expect(shares([0, 0])).toEqual([0, 0])
})
