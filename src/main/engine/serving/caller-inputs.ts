/** What a caller sends to a model, and how that changes from one version to the next. Pure. */
import type { FeatureManifest } from '#shared/features.ts'
import type { InputType, Signature } from '#shared/models.ts'

export interface CallerInput {
  /** Undefined where only the feature store knows. */
  readonly type: InputType | undefined
  readonly required: boolean
}

/** The inputs without those that the inference server looks up by entity; with what it looks them up by. */
export function callerInputs(
  { inputs }: Signature,
  manifest: FeatureManifest | undefined,
): ReadonlyMap<string, CallerInput> {
  const features = manifest?.features ?? []
  const lookedUp = new Set(features.map(({ column }) => column))
  const sent = new Map<string, CallerInput>(
    inputs.filter(({ name }) => !lookedUp.has(name)).map(({ name, type, required }) => [name, { type, required }]),
  )
  for (const { entity, eventTime } of features) {
    for (const name of [...entity.map(({ column }) => column), ...(eventTime === null ? [] : [eventTime])]) {
      if (!sent.has(name)) sent.set(name, { type: undefined, required: true })
    }
  }
  return sent
}

export interface InputChanges {
  /** What callers must send and do not have to today, or in another form. */
  readonly newInputs: readonly string[]
  /** What callers may send today and the new version refuses. */
  readonly removedInputs: readonly string[]
}

export function inputChanges(
  before: ReadonlyMap<string, CallerInput>,
  after: ReadonlyMap<string, CallerInput>,
): InputChanges {
  const isNew = ([name, { type, required }]: readonly [string, CallerInput]): boolean => {
    const known = before.get(name)
    if (known === undefined) return required
    return (required && !known.required) || !accepts(type, known.type)
  }
  return {
    newInputs: [...after].filter(isNew).map(([name]) => name),
    removedInputs: [...before.keys()].filter((name) => !after.has(name)),
  }
}

/** Whether what was sent as one type may be sent as another. */
function accepts(now: InputType | undefined, before: InputType | undefined): boolean {
  return now === undefined || before === undefined || now === before || (now === 'number' && before === 'integer')
}
