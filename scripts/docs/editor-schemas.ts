/** JSON Schemas of the files that a person writes, for editors: completion, descriptions, mistakes underlined. */
import type { Component, ComponentInput } from '../../src/main/engine/pipelines/component.ts'
import { pipelineSpecSchema } from '../../src/main/engine/pipelines/spec.ts'
import { featureViewSpecSchema } from '../../src/shared/features.ts'
import { monitorSpecSchema } from '../../src/shared/monitors.ts'
import { projectSpecSchema } from '../../src/shared/projects.ts'
import { type JsonSchema, toJsonSchema } from './schema-text.ts'

export function projectJsonSchema(): object {
  return { ...toJsonSchema(projectSpecSchema, 'input'), title: 'esteira.yaml' }
}

export function featureViewJsonSchema(): object {
  return { ...toJsonSchema(featureViewSpecSchema, 'input'), title: 'A feature view of Esteira' }
}

export function monitorJsonSchema(): object {
  return { ...toJsonSchema(monitorSpecSchema, 'input'), title: 'A monitor of Esteira' }
}

/** As the spec says, and for each component the inputs and options that it has. */
export function pipelineJsonSchema(catalogue: ReadonlyMap<string, Component>): object {
  const schema = toJsonSchema(pipelineSpecSchema, 'input')
  const { steps, ...others } = schema.properties ?? {}
  const step = typeof steps?.additionalProperties === 'object' ? steps.additionalProperties : {}
  const components = [...catalogue.values()]
  const stepSchema = {
    ...step,
    properties: { ...step.properties, uses: { ...step.properties?.uses, enum: components.map(({ name }) => name) } },
    allOf: components.map((component) => ({
      if: { properties: { uses: { const: component.name } }, required: ['uses'] },
      // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema
      then: partsOf(component),
    })),
  }
  return {
    ...schema,
    title: 'A pipeline of Esteira',
    properties: { ...others, steps: { ...steps, additionalProperties: stepSchema } },
  }
}

function partsOf({ name, summary, inputs, options }: Component): object {
  const needed = Object.entries(inputs).filter(([, input]) => !input.optional)
  const schema = toJsonSchema(options, 'input')
  if (schema.$defs !== undefined) throw new Error(`the options of ${name} refer to definitions, which would be lost`)
  const { $schema: _, ...withSchema } = { $schema: undefined, ...schema }
  const needsOptions = (schema.required?.length ?? 0) > 0 || schema.oneOf !== undefined
  const required = [...(needed.length > 0 ? ['in'] : []), ...(needsOptions ? ['with'] : [])]
  return {
    ...(required.length > 0 && { required }),
    properties: {
      uses: { description: summary },
      in: {
        properties: Object.fromEntries(Object.entries(inputs).map(([input, details]) => [input, inputSchema(details)])),
        required: needed.map(([input]) => input),
        additionalProperties: false,
      },
      with: allowPlaceholders(withSchema, true),
    },
  }
}

function inputSchema({ summary, types, many }: ComponentInput): object {
  return { description: `${summary} (${types.join(' or ')})`, ...(!many && { type: 'string' }) }
}

const placeholder = { type: 'string', pattern: '\\$\\{\\{.*\\}\\}' }

/** Any value may come from a parameter: `${{ params.name }}` stands for what the schema asks for. */
function allowPlaceholders(schema: JsonSchema, isRoot = false): object {
  const inner = {
    ...schema,
    ...(schema.properties !== undefined && { properties: mapValues(schema.properties) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: allowPlaceholders(schema.additionalProperties),
    }),
    ...(typeof schema.items === 'object' && { items: allowPlaceholders(schema.items) }),
    ...(schema.oneOf !== undefined && { oneOf: schema.oneOf.map((choice) => allowPlaceholders(choice, true)) }),
  }
  const takesAnyText = schema.type === 'string' && schema.pattern === undefined && schema.enum === undefined
  // A constant tells the choices apart; with a placeholder in its place all of them would fit.
  if (isRoot || takesAnyText || schema.const !== undefined) return inner
  const { description, default: fallback, ...rest } = inner
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rest, placeholder],
  }
}

function mapValues(properties: Readonly<Record<string, JsonSchema>>): object {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, allowPlaceholders(property)]))
}
