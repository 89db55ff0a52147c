/** The generated parts of docs/api.md. */
import type { z } from 'zod'
import { engineInfoSchema, initReportSchema, type Route, routes } from '../../src/shared/api.ts'
import { fileProblemSchema, problemSchema } from '../../src/shared/errors.ts'
import { eventSchema } from '../../src/shared/events.ts'
import {
  comparisonSchema,
  deploymentFiguresSchema,
  gateCheckSchema,
  slicesFiguresSchema,
  verdictSchema,
} from '../../src/shared/gate.ts'
import {
  aliasMoveSchema,
  endpointSchema,
  modelVersionSchema,
  registeredModelSchema,
  revisionSchema,
  signatureSchema,
} from '../../src/shared/models.ts'
import { pipelineSchema, projectSchema } from '../../src/shared/projects.ts'
import {
  artifactSchema,
  logLineSchema,
  metricPointSchema,
  runSchema,
  runSummarySchema,
  stepExecutionSchema,
} from '../../src/shared/runs.ts'
import {
  code,
  type JsonSchema,
  keyRows,
  keyTable,
  markdownTable,
  nameSchemas,
  toJsonSchema,
  typeText,
} from './schema-text.ts'

/** The types that have a section of their own, in its order. */
const types: Readonly<Record<string, z.ZodType>> = {
  EngineInfo: engineInfoSchema,
  Project: projectSchema,
  InitReport: initReportSchema,
  Pipeline: pipelineSchema,
  Run: runSchema,
  RunSummary: runSummarySchema,
  StepExecution: stepExecutionSchema,
  LogLine: logLineSchema,
  MetricPoint: metricPointSchema,
  Artifact: artifactSchema,
  RegisteredModel: registeredModelSchema,
  ModelVersion: modelVersionSchema,
  Signature: signatureSchema,
  Verdict: verdictSchema,
  GateCheck: gateCheckSchema,
  Comparison: comparisonSchema,
  SlicesFigures: slicesFiguresSchema,
  DeploymentFigures: deploymentFiguresSchema,
  AliasMove: aliasMoveSchema,
  Endpoint: endpointSchema,
  Revision: revisionSchema,
  Problem: problemSchema,
  FileProblem: fileProblemSchema,
}

export function apiPageParts(): Record<string, string> {
  const all = Object.entries<Route>(routes)
  return {
    overview: markdownTable(
      ['', 'route', ''],
      all.map(([name, { method, path, summary }]) => [
        method,
        `[${code(shown(path))}](#${name.toLowerCase()})`,
        summary,
      ]),
    ),
    routes: all.map(([name, route]) => section(name, route)).join('\n\n'),
    events: eventTable(),
    types: Object.entries(types)
      .map(([name, schema]) => `#### ${name}\n\n${fieldTable(schema, name)}`)
      .join('\n\n'),
  }
}

/** `:name` of the router as `{name}`, as in OpenAPI. */
function shown(path: string): string {
  return path.replace(/:([a-zA-Z]+)/g, '{$1}')
}

function section(name: string, route: Route): string {
  const parts = (['params', 'query', 'body'] as const).flatMap((part) => {
    const rows = keyRows(toJsonSchema(route[part], 'input'))
    const title = { params: 'In the path', query: 'In the query', body: 'Body (JSON)' }[part]
    return rows.length === 0 ? [] : [`${title}:\n\n${keyTable(rows)}`]
  })
  const heading = `#### ${name}\n\n${code(`${route.method} ${shown(route.path)}`)} ${route.summary}`
  return [heading, ...parts, `Answers with ${responseText(route.response)}.`].join('\n\n')
}

function responseText(schema: z.ZodType): string {
  const name = Object.entries(types).find(([, candidate]) => candidate === schema)?.[0]
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`
  const json = toJsonSchema(schema, 'output', nameSchemas(types))
  if (json.type !== 'object' || json.properties === undefined) return typeText(json)
  return inlineObject(json)
}

function inlineObject({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `${code(required.includes(name) ? name : `${name}?`)}: ${typeText(field)}`,
  )
  return `an object with ${fields.join(', ')}`
}

function fieldTable(schema: z.ZodType, own?: string): string {
  const others = Object.fromEntries(Object.entries(types).filter(([name]) => name !== own))
  const rows = keyRows(toJsonSchema(schema, 'output', nameSchemas(others)))
  return markdownTable(
    ['field', 'type', ''],
    rows.map((row) => [code(row.key), row.type, row.required ? '' : 'may be absent']),
  )
}

function eventTable(): string {
  const choices = toJsonSchema(eventSchema, 'output', nameSchemas(types)).oneOf ?? []
  return markdownTable(
    ['event', 'data'],
    choices.map(({ properties = {}, required = [] }) => {
      const { type, ...rest } = properties
      return [code(String(type?.const)), inlineObject({ properties: rest, required }).replace('an object with ', '')]
    }),
  )
}
