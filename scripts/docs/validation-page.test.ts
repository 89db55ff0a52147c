import { expect, it } from 'vitest'
import { anomalyTypeSchema } from '../../src/shared/anomalies.ts'
import { notRaised, ours, raised } from './tfdv-names.ts'
import { validationPageParts } from './validation-page.ts'

it('the table of anomalies is the enumeration, and no name is both raised and not raised', () => {
  expect(Object.keys(raised).toSorted()).toEqual([...anomalyTypeSchema.options].toSorted())
  expect(Object.keys(notRaised).filter((name) => Object.hasOwn(raised, name))).toEqual([])
  expect(ours.filter((name) => Object.hasOwn(notRaised, name))).toEqual([])
})

it('the page says of every type when it is raised, under which verdict', () => {
  const { anomalies = '' } = validationPageParts()
  for (const type of anomalyTypeSchema.options) expect(anomalies).toContain(`\`${type}\``)
  expect(anomalies).toMatch(/`COMPARATOR_L_INFTY_HIGH`\s*\| values/)
  expect(anomalies).toMatch(/`COMPARATOR_LOW_NUM_EXAMPLES`\s*\| schema/)
})
