import type { Json } from '#shared/runs.ts'

export type ParameterKind = 'number' | 'boolean' | 'text' | 'json'
export type ParsedParameter = { value: Json } | { problem: 'notANumber' | 'notJson' }

/** How a parameter is edited: by the kind of the value that the pipeline file gives it. */
export function parameterKind(declared: Json): ParameterKind {
  if (typeof declared === 'number') return 'number'
  if (typeof declared === 'boolean') return 'boolean'
  if (typeof declared === 'string') return 'text'
  return 'json'
}

export function parameterText(declared: Json): string {
  return typeof declared === 'string' ? declared : JSON.stringify(declared)
}

/** What a person typed, as a value of the kind that the parameter has. A decimal comma is understood. */
export function parseParameter(kind: ParameterKind, text: string): ParsedParameter {
  if (kind === 'text') return { value: text }
  if (kind === 'number') {
    const value = Number(text.trim().replace(',', '.'))
    return text.trim() === '' || !Number.isFinite(value) ? { problem: 'notANumber' } : { value }
  }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { problem: 'notJson' }
  }
}
