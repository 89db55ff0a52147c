/** Components as the engine lists them, cut down to what the tests of this folder ask. */
import type { ComponentInfo } from '#shared/pipelines.ts'
import type { ArtifactType } from '#shared/runs.ts'
import { catalogueOf, type GraphStep } from './connection.ts'

type Inputs = Record<string, { types: ArtifactType[]; optional?: boolean; many?: boolean }>

export function componentOf(name: string, inputs: Inputs, outputs: Record<string, ArtifactType>): ComponentInfo {
  return {
    name,
    version: '1',
    summary: `What ${name} does.`,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, input]) => [key, { summary: '', optional: false, many: false, ...input }]),
    ),
    outputs: Object.fromEntries(Object.entries(outputs).map(([key, type]) => [key, { type, summary: '' }])),
    options: {},
  }
}

export const components = [
  componentOf('data/extract', {}, { data: 'table' }),
  componentOf('data/statistics', { data: { types: ['table'] } }, { statistics: 'statistics' }),
  componentOf('data/split', { data: { types: ['table'] } }, { splits: 'splits' }),
  componentOf('data/halve', { data: { types: ['table'] } }, { first: 'table', second: 'table', about: 'statistics' }),
  componentOf('data/join', { tables: { types: ['table'], many: true } }, { data: 'table' }),
]
export const catalogue = catalogueOf(components)

export function stepOf(name: string, component: string, more: Partial<GraphStep> = {}): GraphStep {
  return { name, component, inputs: {}, needs: [], when: null, ...more }
}
export const from = (step: string, output: string | null = null) => [{ step, output }]
