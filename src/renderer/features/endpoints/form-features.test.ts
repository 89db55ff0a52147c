import { expect, it } from 'vitest'
import type { Signature } from '#shared/models.ts'
import type { EndpointFeature } from '#shared/online.ts'
import { initialForm, parseForm } from './form.ts'
import { formSignature, withoutFilled } from './form-features.ts'

const signature: Signature = {
  inputs: [
    { name: 'level', type: 'number', required: true, typical: 4 },
    { name: 'when', type: 'timestamp', required: true, typical: '2001-01-01T00:00:00Z' },
  ],
  target: 'alarm',
  task: 'binary',
  classes: ['false', 'true'],
}
const feature: EndpointFeature = {
  column: 'level',
  view: 'levels',
  viewVersion: '1',
  feature: 'value',
  entity: [{ key: 'sensor', column: 'device' }],
  eventTime: 'when',
  ttlMs: null,
  online: null,
}

it('L1.9: what the feature store fills may be left out, and the entity has a field of its own', () => {
  const form = formSignature(signature, [feature])
  expect(form.inputs.map(({ name, required }) => [name, required])).toEqual([
    ['level', false],
    ['when', true],
    ['device', false],
  ])
  const texts = withoutFilled(initialForm(form), [feature])
  expect(texts.level).toBe('')
  expect(parseForm(form, { ...texts, device: 'x' }).row).toEqual({ when: '2001-01-01T00:00:00Z', device: 'x' })
})

it('a model without features has the form of its signature', () => {
  expect(formSignature(signature, [])).toEqual(signature)
})
