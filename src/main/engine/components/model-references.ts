import type { StepReference } from '../pipelines/component.ts'

/** The model of `model@alias` or `model/version`; nothing where the option is not set. */
export function modelReferences(reference: string | undefined): StepReference[] {
  const name = reference?.split(/[@/]/)[0]
  return name === undefined || name === '' ? [] : [{ kind: 'model', name }]
}
