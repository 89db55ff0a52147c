/** From the JSON Schema of options to a form: which control each value has. Pure. */
import type { Json } from '#shared/runs.ts'
import type { JsonSchema } from './json-schema.ts'

export interface NumberForm {
  readonly kind: 'number'
  readonly integer: boolean
  /** Limits, themselves allowed. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** Limits, themselves not allowed. */
  readonly above?: number | undefined
  readonly below?: number | undefined
}
export interface ChoiceForm {
  readonly kind: 'choice'
  readonly values: readonly (string | number | boolean)[]
}
export interface ListForm {
  readonly kind: 'list'
  readonly item: NumberForm | ChoiceForm | { readonly kind: 'text' }
}
export interface ObjectForm {
  readonly kind: 'object'
  readonly fields: readonly Field[]
}
export interface RecordForm {
  readonly kind: 'record'
  /** The keys that there can be; undefined where the person chooses them. */
  readonly keys: readonly string[] | undefined
  readonly value: Form
}
export interface UnionForm {
  readonly kind: 'union'
  /** The key whose value tells the variants apart, where there is one. */
  readonly key: string | undefined
  readonly variants: readonly Variant[]
}
export interface Variant {
  /** The value of `key`, or of the only value that the variant has. */
  readonly value: string | number | boolean | undefined
  readonly description: string | undefined
  readonly form: Form
}
export type Form =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text' }
  | NumberForm
  | ChoiceForm
  | ListForm
  | ObjectForm
  | RecordForm
  | UnionForm
  /** What no control fits is written as JSON. */
  | { readonly kind: 'snippet' }

export interface Field {
  readonly name: string
  readonly description: string | undefined
  readonly required: boolean
  readonly default: Json | undefined
  readonly form: Form
}

export function formOf(schema: JsonSchema): Form {
  const variants = schema.oneOf ?? schema.anyOf
  if (variants !== undefined) return unionOf(variants)
  if (isScalar(schema.const)) return { kind: 'choice', values: [schema.const] }
  if (schema.enum?.every(isScalar)) return { kind: 'choice', values: schema.enum }
  if (schema.type === 'boolean') return { kind: 'boolean' }
  if (schema.type === 'string') return { kind: 'text' }
  if (schema.type === 'number' || schema.type === 'integer') return numberOf(schema)
  if (schema.type === 'array') return listOf(schema)
  if (schema.type === 'object') return objectOf(schema)
  return { kind: 'snippet' }
}

function numberOf(schema: JsonSchema): NumberForm {
  // The largest integer that a number holds is a limit of the machine, not of the option.
  const max = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum
  return {
    kind: 'number',
    integer: schema.type === 'integer',
    min: schema.minimum,
    max,
    above: schema.exclusiveMinimum,
    below: schema.exclusiveMaximum,
  }
}

function listOf({ items, prefixItems }: JsonSchema): Form {
  if (prefixItems !== undefined || typeof items !== 'object') return { kind: 'snippet' }
  const item = formOf(items)
  return item.kind === 'text' || item.kind === 'number' || item.kind === 'choice'
    ? { kind: 'list', item }
    : { kind: 'snippet' }
}

function objectOf(schema: JsonSchema): Form {
  const { properties = {}, required = [], additionalProperties: rest } = schema
  if (Object.keys(properties).length === 0 && typeof rest === 'object') {
    const keys = schema.propertyNames?.enum?.filter((key) => typeof key === 'string')
    return { kind: 'record', keys, value: formOf(rest) }
  }
  // Keys of the person's own beside declared ones have no control.
  if (rest !== undefined && rest !== false) return { kind: 'snippet' }
  const fields = Object.entries(properties).map(([name, property]) => ({
    name,
    description: property.description,
    required: required.includes(name) && property.default === undefined,
    default: property.default,
    form: formOf(property),
  }))
  return { kind: 'object', fields }
}

function unionOf(schemas: readonly JsonSchema[]): Form {
  const forms = schemas.map(formOf)
  if (forms.every((form) => form.kind === 'choice')) {
    return { kind: 'choice', values: forms.flatMap(({ values }) => values) }
  }
  const key = discriminatorOf(schemas)
  const variants = schemas.map((schema, index): Variant => {
    const form = forms[index] ?? { kind: 'snippet' }
    const told = key === undefined ? undefined : schema.properties?.[key]
    const value = told?.const ?? (form.kind === 'choice' && form.values.length === 1 ? form.values[0] : undefined)
    return {
      value: isScalar(value) ? value : undefined,
      description: told?.description ?? schema.description,
      form: key !== undefined && form.kind === 'object' ? withoutField(form, key) : form,
    }
  })
  return { kind: 'union', key, variants }
}

/** The key that is a constant of its own in every variant. */
function discriminatorOf(schemas: readonly JsonSchema[]): string | undefined {
  const candidates = Object.keys(schemas[0]?.properties ?? {})
  return candidates.find((key) => {
    const values = schemas.map((schema) => schema.properties?.[key]?.const)
    return values.every(isScalar) && new Set(values).size === schemas.length
  })
}

function withoutField(form: ObjectForm, name: string): ObjectForm {
  return { ...form, fields: form.fields.filter((field) => field.name !== name) }
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

export function isRecord(value: Json | undefined): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Whether the control of the form can show the value. Limits are the engine's to check. */
export function canShow(form: Form, value: Json): boolean {
  switch (form.kind) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'choice':
      return form.values.some((each) => each === value)
    case 'list':
      return Array.isArray(value) && value.every((item) => !isExpression(item) && canShow(form.item, item))
    case 'object':
    case 'record':
      return isRecord(value)
    case 'union':
      return variantOf(form, value) !== undefined
    case 'snippet':
      return true
  }
}

/** The variant that the value is of. */
export function variantOf(form: UnionForm, value: Json): Variant | undefined {
  const { key } = form
  if (key === undefined) return form.variants.find((variant) => canShow(variant.form, value))
  return isRecord(value) ? form.variants.find((variant) => variant.value === value[key]) : undefined
}

/** A value that the engine computes from the parameters of the run. */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.includes('${{')
}

/** What a value of the form begins as, when a person chooses it. */
export function firstValue(form: Form): Json {
  switch (form.kind) {
    case 'boolean':
      return true
    case 'text':
      return ''
    case 'number':
      return form.min ?? 0
    case 'choice':
      return form.values[0] ?? ''
    case 'list':
      return []
    case 'union': {
      const [first] = form.variants
      return first === undefined ? {} : firstOfVariant(form, first)
    }
    default:
      return {}
  }
}

export function firstOfVariant({ key }: UnionForm, variant: Variant): Json {
  if (key === undefined || variant.value === undefined) return firstValue(variant.form)
  return { [key]: variant.value }
}
