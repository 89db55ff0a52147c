/** The generated parts of docs/pipelines.md. */
import { isMap, isPair, isScalar, parseDocument } from 'yaml'
import type { Component, ComponentInput } from '../../src/main/engine/pipelines/component.ts'
import { pipelineSpecSchema } from '../../src/main/engine/pipelines/spec.ts'
import { projectSpecSchema } from '../../src/shared/projects.ts'
import { code, keyRows, keyTable, markdownTable, toJsonSchema } from './schema-text.ts'

type Catalogue = ReadonlyMap<string, Component>

/** `pipelines`: the texts of pipeline files that hold a step for every component; the examples are taken from them. */
export function pipelinesPageParts(catalogue: Catalogue, pipelines: readonly string[]): Record<string, string> {
  const pipelineKeys = keyRows(toJsonSchema(pipelineSpecSchema, 'input'))
  return {
    'project-keys': keyTable(keyRows(toJsonSchema(projectSpecSchema, 'input'))),
    // What lies in "all" and "any" are conditions once more, whose keys are there already.
    'pipeline-keys': keyTable(pipelineKeys.filter(({ key }) => !/\b(all|any)\[\]/.test(key))),
    components: [...catalogue.values()].map((component) => section(component, pipelines)).join('\n\n'),
  }
}

function section(component: Component, pipelines: readonly string[]): string {
  const options = keyRows(toJsonSchema(component.options, 'input'))
  const cache = component.cacheable ? '' : ' It runs every time: what it reads or changes can be different each time.'
  return [
    `### ${component.name}`,
    `${component.summary}${cache}`,
    inputsText(component.inputs),
    outputsText(component.outputs),
    options.length === 0 ? 'It has no options.' : `Options (${code('with')}):\n\n${keyTable(options)}`,
    `\`\`\`yaml\n${exampleOf(component.name, pipelines)}\n\`\`\``,
  ].join('\n\n')
}

function inputsText(inputs: Component['inputs']): string {
  const rows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    input.types.map(code).join(' or '),
    kindOf(input),
    input.summary,
  ])
  if (rows.length === 0) return 'It has no inputs.'
  return `Inputs (${code('in')}):\n\n${markdownTable(['input', 'type', '', 'meaning'], rows)}`
}

function kindOf({ optional, many }: ComponentInput): string {
  return [optional ? 'optional' : '**required**', many ? 'a step or a list of steps' : undefined]
    .filter(Boolean)
    .join(', ')
}

function outputsText(outputs: Component['outputs']): string {
  const rows = Object.entries(outputs).map(([name, { type, summary }]) => [code(name), code(type), summary])
  return rows.length === 0 ? 'It has no outputs.' : `Outputs:\n\n${markdownTable(['output', 'type', 'meaning'], rows)}`
}

/**
 * The first step that uses the component, as it stands in its file.
 * @throws Error when there is none: every component needs an example
 */
export function exampleOf(component: string, pipelines: readonly string[]): string {
  for (const text of pipelines) {
    const steps = parseDocument(text).get('steps')
    for (const pair of isMap(steps) ? steps.items : []) {
      if (!isPair(pair) || !isScalar(pair.key) || !isMap(pair.value)) continue
      if (pair.value.get('uses') !== component) continue
      return stepText(text, pair.key.range?.[0] ?? 0, pair.value.range?.[1] ?? 0)
    }
  }
  throw new Error(`no step of the sample project uses ${component}: add one, it becomes the example in the docs`)
}

/** The lines of a step, moved to the left edge, comments above it left out. */
function stepText(text: string, start: number, end: number): string {
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1)
  const lines = text.slice(start, end).trimEnd().split('\n')
  return lines.map((line, index) => (index === 0 ? line : line.slice(indent))).join('\n')
}
