/** A form made from the signature of a model: texts of fields to the row of a request, and back. */
import type { Signature, SignatureInput } from '#shared/models.ts'
import type { Json } from '#shared/runs.ts'

/** By input name. An empty text is a missing value. */
export type FormTexts = Readonly<Record<string, string>>
export type Row = Record<string, string | number | boolean>
export type FieldProblem = 'required' | 'number' | 'integer' | 'timestamp'
export type ParsedForm =
  | { readonly row: Row; readonly problems?: undefined }
  | { readonly row?: undefined; readonly problems: Readonly<Record<string, FieldProblem>> }

/** Usual values, from the training rows where the model knows them. */
export function initialForm(signature: Signature): FormTexts {
  return Object.fromEntries(signature.inputs.map((input) => [input.name, String(typicalValue(input))]))
}

/** A value that the model takes for the input. Models made before typical values were kept have examples at best. */
export function typicalValue({ type, typical, examples }: SignatureInput): string | number | boolean {
  if (typical !== undefined) return typical
  const [example] = examples ?? []
  switch (type) {
    case 'text':
      return example ?? 'text'
    case 'timestamp':
      return example ?? '2001-01-01T12:00:00Z'
    case 'boolean':
      return example === 'true'
    case 'integer':
    case 'number':
      return Number.isFinite(Number(example ?? Number.NaN)) ? Number(example) : 1
  }
}

/** The row that the texts stand for, or what is wrong by field. */
export function parseForm(signature: Signature, texts: FormTexts): ParsedForm {
  const row: Row = {}
  const problems: Record<string, FieldProblem> = {}
  for (const input of signature.inputs) {
    const text = texts[input.name] ?? ''
    if (text.trim() === '') {
      if (input.required) problems[input.name] = 'required'
      continue
    }
    const parsed = parseField(input, text)
    if (parsed.problem === undefined) row[input.name] = parsed.value
    else problems[input.name] = parsed.problem
  }
  return Object.keys(problems).length > 0 ? { problems } : { row }
}

type ParsedField =
  | { readonly value: string | number | boolean; readonly problem?: undefined }
  | { readonly problem: FieldProblem }

function parseField({ type }: SignatureInput, text: string): ParsedField {
  if (type === 'text') return { value: text }
  const trimmed = text.trim()
  if (type === 'boolean') return { value: trimmed === 'true' }
  if (type === 'timestamp') {
    return Number.isNaN(Date.parse(trimmed)) ? { problem: 'timestamp' } : { value: trimmed }
  }
  const value = Number(trimmed)
  if (!Number.isFinite(value)) return { problem: 'number' }
  return type === 'integer' && !Number.isInteger(value) ? { problem: 'integer' } : { value }
}

/** The texts for a row of a table; what the signature does not name is left out, and what is null is missing. */
export function formOfRow(signature: Signature, row: Readonly<Record<string, Json | undefined>>): FormTexts {
  return Object.fromEntries(
    signature.inputs.map(({ name, type }) => {
      const value = row[name] ?? ''
      if (typeof value === 'object') return [name, JSON.stringify(value)]
      if (type === 'timestamp' && typeof value === 'string') return [name, value.replace(/\.000Z$/, 'Z')]
      return [name, String(value)]
    }),
  )
}
