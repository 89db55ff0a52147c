import { expect, test } from 'vitest'
import type { Json } from '#shared/runs.ts'
import { catalogue } from '../src/main/engine/components/index.ts'
import { describeComponents } from '../src/main/engine/pipelines/component-info.ts'
import { translatedComponent } from '../src/renderer/features/pipelines/component-texts.ts'
import { componentTextsPtBR } from '../src/renderer/features/pipelines/component-texts-pt-br.ts'

const components = describeComponents(catalogue)

/** The texts of a form: every description of its JSON Schema. */
function descriptions(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(descriptions)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'description' && typeof inner === 'string' ? [inner] : descriptions(inner),
  )
}

test('every component, port and option of the catalogue has a text in Portuguese, and none is left over', () => {
  const texts = components.flatMap(({ summary, inputs, outputs, options }) => [
    summary,
    ...[...Object.values(inputs), ...Object.values(outputs)].map((port) => port.summary),
    ...descriptions(options),
  ])
  expect(texts.length).toBeGreaterThan(150)
  const missing = texts.filter((text) => componentTextsPtBR[text] === undefined)
  const leftOver = Object.keys(componentTextsPtBR).filter((text) => !texts.includes(text))
  expect({ missing, leftOver }).toEqual({ missing: [], leftOver: [] })
})

test('a component is the same but for its texts; an option named description stays', () => {
  const register = components.find(({ name }) => name === 'model/register') ?? expect.fail('no model/register')
  const translated = translatedComponent(register, componentTextsPtBR)
  expect(translated.summary).toContain('Acrescenta o modelo ao registro')
  expect(translated.inputs.model?.summary).toBe('O modelo a registrar.')
  expect(translated.options).toMatchObject({
    properties: { description: { type: 'string', maxLength: 2_000, description: 'Para que serve o modelo.' } },
  })
  expect(translatedComponent(register, {})).toEqual(register)
})
