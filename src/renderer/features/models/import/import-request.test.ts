import { expect, test } from 'vitest'
import type { Problem } from '#shared/errors.ts'
import { nameSchema } from '#shared/names.ts'
import { type ImportForm, importBody, modelNameFrom, placeOf } from './import-request.ts'

const empty: ImportForm = {
  model: 'm',
  projectId: 'p',
  target: ' ',
  task: undefined,
  classes: [],
  inputs: [],
  missing: [],
  alias: '',
}

test('what is left empty is not said', () => {
  expect(importBody(empty, '/up/m.onnx')).toEqual({
    path: '/up/m.onnx',
    projectId: 'p',
    promote: false,
    startedBy: 'ui',
  })
})

test('what is said is said as the command line takes it', () => {
  const form: ImportForm = {
    ...empty,
    target: 'late ',
    task: 'binary',
    classes: ['false', 'true'],
    inputs: ['distance', 'delay'],
    missing: ['delay', 'gone'],
    alias: 'champion',
  }
  expect(importBody(form, '/m')).toMatchObject({
    signature: {
      target: 'late',
      task: 'binary',
      classes: ['false', 'true'],
      inputs: [{ name: 'distance' }, { name: 'delay', required: false }],
    },
    promote: 'champion',
  })
})

test.each([
  ['signature.inputs', 'inputs'],
  ['signature.inputs.distance', 'inputs'],
  ['signature.classes', 'classes'],
  ['step import', undefined],
  [undefined, undefined],
])('a problem at %s is shown at %s', (where, place) => {
  const problem: Problem = {
    type: '',
    title: '',
    status: 400,
    code: 'parameter-invalid',
    detail: '',
    ...(where && { where }),
  }
  expect(placeOf(problem)).toBe(place)
})

test.each([
  ['lateness.onnx', 'lateness'],
  ['My model (2).ONNX', 'My-model-2'],
  ['.ação v1.2.onnx', 'ação-v1.2'],
])('%s is called %s', (file, name) => {
  expect(modelNameFrom(file)).toBe(name)
  expect(nameSchema.safeParse(name).success).toBe(true)
})
