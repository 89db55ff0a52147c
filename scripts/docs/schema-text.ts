/** JSON Schema, as zod makes it, in the words of a reference page. Pure. */
import { z } from 'zod'

/** The part of JSON Schema that zod's output uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[] | undefined
  readonly const?: unknown
  readonly enum?: readonly unknown[] | undefined
  readonly default?: unknown
  readonly description?: string | undefined
  readonly pattern?: string | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly exclusiveMinimum?: number | undefined
  readonly exclusiveMaximum?: number | undefined
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly additionalProperties?: boolean | JsonSchema | undefined
  readonly items?: boolean | JsonSchema | undefined
  readonly prefixItems?: readonly JsonSchema[] | undefined
  readonly anyOf?: readonly JsonSchema[] | undefined
  readonly oneOf?: readonly JsonSchema[] | undefined
  readonly $ref?: string | undefined
  readonly $defs?: Readonly<Record<string, JsonSchema>> | undefined
}

const jsonSchemaSchema: z.ZodType<JsonSchema> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  $ref: z.string().optional(),
  get properties() {
    return z.record(z.string(), jsonSchemaSchema).optional()
  },
  get additionalProperties() {
    return z.union([z.boolean(), jsonSchemaSchema]).optional()
  },
  get items() {
    return z.union([z.boolean(), jsonSchemaSchema]).optional()
  },
  get prefixItems() {
    return z.array(jsonSchemaSchema).optional()
  },
  get anyOf() {
    return z.array(jsonSchemaSchema).optional()
  },
  get oneOf() {
    return z.array(jsonSchemaSchema).optional()
  },
  get $defs() {
    return z.record(z.string(), jsonSchemaSchema).optional()
  },
})

/** Schemas that have a name of their own; references to them are links. */
export type NamedSchemas = ReturnType<typeof nameSchemas>

export function nameSchemas(schemas: Readonly<Record<string, z.ZodType>>) {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  return registry
}

/** `io`: what a person writes (`input`) or what is read after defaults are in place (`output`). */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output', named?: NamedSchemas): JsonSchema {
  return jsonSchemaSchema.parse(
    z.toJSONSchema(schema, { io, unrepresentable: 'any', ...(named !== undefined && { metadata: named }) }),
  )
}

export interface KeyRow {
  /** With dots for what lies inside; `<name>` where the person chooses the key. */
  readonly key: string
  readonly type: string
  readonly required: boolean
  readonly default: string | undefined
  readonly description: string
}

/** Every key of an object schema, with those of the objects inside. */
export function keyRows(schema: JsonSchema, prefix = ''): KeyRow[] {
  const choices = objectChoices(schema)
  if (choices.length > 1) return mergedRows(choices, prefix)
  return Object.entries(choices[0]?.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`
    const row: KeyRow = {
      key,
      type: typeText(property),
      required: choices[0]?.required?.includes(name) ?? false,
      default: property.default === undefined ? undefined : JSON.stringify(property.default),
      description: property.description ?? '',
    }
    return [row, ...innerRows(property, key)]
  })
}

/** The rows of what lies in an object, a mapping or a list of objects, where there are any. */
function innerRows(schema: JsonSchema, key: string): KeyRow[] {
  const inner = [schema, ...(schema.anyOf ?? [])].flatMap((choice): [JsonSchema, string][] => {
    if (choice.properties !== undefined) return [[choice, `${key}.`]]
    if (isSchema(choice.additionalProperties)) return [[choice.additionalProperties, `${key}.<name>.`]]
    if (isSchema(choice.items)) return [[choice.items, `${key}[].`]]
    return []
  })
  return inner
    .filter(([choice]) => objectChoices(choice).length > 0)
    .flatMap(([choice, prefix]) => keyRows(choice, prefix))
}

function objectChoices(schema: JsonSchema): readonly JsonSchema[] {
  if (schema.properties !== undefined) return [schema]
  const choices = schema.oneOf ?? []
  return choices.every((choice) => choice.properties !== undefined) ? choices : []
}

/** The keys of objects told apart by one constant key: each once, with the choices that have it where not all have. */
function mergedRows(choices: readonly JsonSchema[], prefix: string): KeyRow[] {
  const tag =
    Object.entries(choices[0]?.properties ?? {}).find(([, property]) => property.const !== undefined)?.[0] ?? ''
  const label = (choice: JsonSchema) => String(choice.properties?.[tag]?.const)
  const tagRow: KeyRow = {
    key: `${prefix}${tag}`,
    type: choices.map((choice) => code(label(choice))).join(' or '),
    required: true,
    default: undefined,
    description: choices
      .map((choice) => ({ label: code(label(choice)), text: choice.properties?.[tag]?.description }))
      .flatMap(({ label: name, text }) => (text === undefined ? [] : [`${name}: ${text}`]))
      .join(' '),
  }
  const seen = new Map<string, { row: KeyRow; labels: string[] }>()
  for (const choice of choices) {
    for (const row of keyRows(choice, prefix).filter(({ key }) => key !== tagRow.key)) {
      const known = seen.get(row.key)
      if (known === undefined) seen.set(row.key, { row, labels: [label(choice)] })
      else known.labels.push(label(choice))
    }
  }
  const rows = [...seen.values()].map(({ row, labels }) => {
    if (labels.length === choices.length) return row
    return { ...row, description: `With ${tag}: ${labels.join(', ')}. ${row.description}`.trim() }
  })
  return [tagRow, ...rows]
}

/** A type in words: `list of text`, `whole number, 1 to 10`, a link for a named one. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return reference(schema.$ref)
  if (schema.const !== undefined) return code(String(schema.const))
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(' or ')
  const choices = schema.anyOf ?? schema.oneOf
  // Only JSON itself is a choice that holds itself.
  if (choices?.some(({ items }) => isSchema(items) && items.$ref === '#')) return 'any JSON'
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' or ')
  if (typeof schema.type === 'object') return schema.type.map((type) => typeText({ ...schema, type })).join(' or ')
  switch (schema.type) {
    case 'string':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `whole number${rangeText(schema)}`
    case 'number':
      return `number${rangeText(schema)}`
    case 'null':
      return 'null'
    case 'array':
      return listText(schema)
    case 'object':
      if (isSchema(schema.additionalProperties)) return `mapping of name to ${typeText(schema.additionalProperties)}`
      return 'object'
    default:
      return 'any JSON'
  }
}

function listText({ items, prefixItems }: JsonSchema): string {
  if (prefixItems !== undefined) return `list of ${prefixItems.map(typeText).join(' and ')}`
  return isSchema(items) ? `list of ${typeText(items)}` : 'list'
}

/** zod bounds every whole number by the safe integers, which says nothing. */
function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : `at least ${minimum}`
  const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : `at most ${maximum}`
  const above = exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`
  const below = exclusiveMaximum === undefined ? undefined : `below ${exclusiveMaximum}`
  const parts = [low, above, high, below].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`
}

function reference(ref: string): string {
  const name = ref.split('/').at(-1) ?? ''
  return name.startsWith('__') ? 'any JSON' : `[${name}](#${name.toLowerCase()})`
}

function isSchema(value: boolean | JsonSchema | undefined): value is JsonSchema {
  return typeof value === 'object'
}

export function code(text: string): string {
  return `\`${text}\``
}

/** A Markdown table; bars and line ends in cells are escaped. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}

export function keyTable(rows: readonly KeyRow[]): string {
  return markdownTable(
    ['key', 'type', 'default', 'meaning'],
    rows.map((row) => [
      code(row.key),
      row.type,
      row.required ? '**required**' : row.default === undefined ? '' : code(row.default),
      row.description,
    ]),
  )
}
