/**
 * An existing schema held against what inference would say now. What a person decided stays: only keys that are missing are
 * proposed, each as an edit that can be accepted alone. Pure.
 */
import type { ProposalKey, SchemaProposal } from '#shared/data.ts'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import type { Statistics } from '#shared/statistics.ts'
import { editYaml } from '../kernel/yaml-edit.ts'
import { type InferenceOptions, inferSchema } from './schema-inference.ts'
import { typeFits } from './validation/column-type.ts'

export interface Proposals {
  readonly proposals: SchemaProposal[]
  /** Where the data is otherwise; it stays as it is. */
  readonly kept: { column: string; words: string }[]
}

/** @param text of the file, which `schema` was read from */
export function proposeSchema(
  text: string,
  schema: DatasetSchema,
  statistics: Statistics,
  options: InferenceOptions = {},
): Proposals {
  const inferred = inferSchema(statistics, options)
  const found = Object.entries(inferred.columns)
  const additions = [
    ...(inferred.rows !== undefined && schema.rows === undefined ? [datasetAddition(inferred.rows)] : []),
    ...found.flatMap(([name, column]) => {
      const known = Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined
      return known === undefined ? [newColumn(name, column)] : missingKeys(name, known, column)
    }),
  ]
  return {
    proposals: additions.map((addition) => ({ ...addition, lines: addedLines(text, addition.edits) })),
    kept: decided(schema, inferred),
  }
}

type Addition = Omit<SchemaProposal, 'lines'>

function datasetAddition(rows: NonNullable<DatasetSchema['rows']>): Addition {
  return {
    key: 'rows',
    words: `Asks for at least ${rows.min} rows.`,
    edits: [{ kind: 'set', path: ['rows'], value: asJson(rows) }],
  }
}

function newColumn(name: string, column: SchemaColumn): Addition {
  return {
    column: name,
    key: 'type',
    words: `Adds the column "${name}" of type ${column.type}, as it was seen.`,
    edits: [{ kind: 'set', path: ['columns', name], value: asJson(column) }],
  }
}

/** Keys that inference knows and the schema does not have. A group such as `domain` gains single parts. */
function missingKeys(name: string, known: SchemaColumn, inferred: SchemaColumn): Addition[] {
  // What was inferred for another type says nothing about this one.
  if (!typeFits(inferred.type, known.type)) return []
  const additions: Addition[] = []
  const add = (key: ProposalKey, value: unknown, words: string) => {
    const path = ['columns', name, ...key.split('.')]
    additions.push({ column: name, key, words, edits: [{ kind: 'set', path, value: asJson(value) }] })
  }
  const { presence, unique, notIn } = inferred
  // Without "presence" a column may be absent, which a person may have meant: it is for them to accept.
  if (presence && !known.presence) add('presence', presence, `Asks for the column "${name}" to be there.`)
  additions.push(...domainAddition(name, known, inferred))
  if (unique && !known.unique) add('unique', unique, `No value of "${name}" may repeat.`)
  if (notIn && !known.notIn) add('notIn', notIn, `The column "${name}" is not expected in ${notIn.join(', ')}.`)
  for (const comparator of ['drift', 'skew'] as const) {
    if (inferred[comparator] === false && known[comparator] === undefined)
      add(
        comparator,
        false,
        `The column "${name}" is not compared with other data (${comparator}): every row has its own value.`,
      )
  }
  return additions
}

/** Values or a form where the schema has neither; each limit where it has none. */
function domainAddition(name: string, known: SchemaColumn, inferred: SchemaColumn): Addition[] {
  const [now, seen] = [known.domain ?? {}, inferred.domain ?? {}]
  const path = ['columns', name]
  const set = (key: string, value: unknown): YamlEdit => ({
    kind: 'set',
    path: [...path, ...key.split('.')],
    value: asJson(value),
  })
  const open = now.values === undefined && now.pattern === undefined
  const additions: Addition[] = []
  if (seen.values && open && known.type === 'text') {
    const mass = inferred.minDomainMass !== undefined && known.minDomainMass === undefined
    additions.push({
      column: name,
      key: 'domain.values',
      words: `Lists the ${seen.values.length} values of "${name}" that were seen.`,
      edits: [set('domain.values', seen.values), ...(mass ? [set('minDomainMass', inferred.minDomainMass)] : [])],
    })
  }
  if (seen.pattern !== undefined && open && known.type === 'text') {
    const words = `Every value of "${name}" must be like ${seen.pattern}.`
    additions.push({ column: name, key: 'domain.pattern', words, edits: [set('domain.pattern', seen.pattern)] })
  }
  for (const key of ['min', 'max', 'allowNan', 'allowInfinite'] as const) {
    if (seen[key] === undefined || now[key] !== undefined || now.values !== undefined) continue
    const words = `Sets "${key}" of "${name}" to ${seen[key]}.`
    additions.push({ column: name, key: `domain.${key}`, words, edits: [set(`domain.${key}`, seen[key])] })
  }
  return additions
}

/** What the data shows and the schema says otherwise. */
function decided(schema: DatasetSchema, inferred: DatasetSchema): Proposals['kept'] {
  return Object.entries(schema.columns).flatMap(([column, { type, presence, notIn }]) => {
    const seen = Object.hasOwn(inferred.columns, column) ? inferred.columns[column] : undefined
    if (seen === undefined) {
      const optional = presence === undefined || (notIn?.length ?? 0) > 0
      return optional ? [] : [{ column, words: `The data has no column "${column}"; the schema keeps it.` }]
    }
    if (typeFits(seen.type, type)) return []
    return [{ column, words: `The data has "${column}" as ${seen.type}; the schema keeps ${type}.` }]
  })
}

/** What is inferred is plain data already; without the keys that are undefined it is JSON. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value))
}

/** The lines of the edited text that the text does not have. */
function addedLines(text: string, edits: readonly YamlEdit[]): string {
  const before = new Map<string, number>()
  for (const line of text.split('\n')) before.set(line, (before.get(line) ?? 0) + 1)
  const added = editYaml(text, edits)
    .split('\n')
    .filter((line) => {
      const left = before.get(line) ?? 0
      before.set(line, left - 1)
      return left <= 0
    })
  return added.join('\n')
}
