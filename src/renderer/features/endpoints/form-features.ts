/** The form of a model some of whose inputs are filled from the online feature store. Pure. */
import type { Signature, SignatureInput } from '#shared/models.ts'
import type { EndpointFeature } from '#shared/online.ts'
import type { FormTexts } from './form.ts'

/**
 * The inputs that the form asks for: those that are filled may be left out, and columns that name entity or time and are
 * no inputs of the model have fields of their own.
 */
export function formSignature(signature: Signature, features: readonly EndpointFeature[]): Signature {
  const filled = new Set(features.map(({ column }) => column))
  const own = signature.inputs.map((input) => (filled.has(input.name) ? { ...input, required: false } : input))
  const known = new Set(own.map(({ name }) => name))
  const helpers = new Map<string, SignatureInput>()
  for (const { entity, eventTime } of features) {
    for (const { column } of entity) helpers.set(column, { name: column, type: 'text', required: false })
    if (eventTime !== null) helpers.set(eventTime, { name: eventTime, type: 'timestamp', required: false })
  }
  return { ...signature, inputs: [...own, ...[...helpers.values()].filter(({ name }) => !known.has(name))] }
}

/** What is filled is left out at first. */
export function withoutFilled(texts: FormTexts, features: readonly EndpointFeature[]): FormTexts {
  return { ...texts, ...Object.fromEntries(features.map(({ column }) => [column, ''])) }
}
