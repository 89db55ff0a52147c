/** What a person fills in to start a rollout, and what it means. */
import { type RolloutSpec, type RolloutSpecInput, rolloutSpecSchema } from '#shared/rollout.ts'

export interface RolloutForm {
  readonly kind: RolloutSpec['kind']
  /** Percentages, with commas or spaces between them. */
  readonly steps: string
  readonly hold: string
  /** A percentage. */
  readonly share: string
  /** An input of the model. */
  readonly key: string
  readonly metric: string
}

type Problems = Partial<Record<keyof RolloutForm, string>>
type Read =
  | { readonly success: true; readonly data: RolloutSpec }
  | { readonly success: false; readonly problems: Problems }

/** The rollout that the form asks for, or what is wrong, field by field. Everything not asked is the usual. */
export function readSpec(form: RolloutForm): Read {
  const read = rolloutSpecSchema.safeParse(asWritten(form))
  if (read.success) return { success: true, data: read.data }
  const problems: Problems = {}
  for (const { path, message } of read.error.issues) {
    const field = fieldOf(path[0])
    problems[field] ??= message
  }
  return { success: false, problems }
}

function asWritten({ kind, steps, hold, share, key, metric }: RolloutForm): RolloutSpecInput {
  switch (kind) {
    case 'canary':
      return {
        kind,
        steps: steps
          .split(/[\s,;]+/)
          .filter((text) => text !== '')
          .map(fractionOf),
        hold: hold.trim(),
      }
    case 'a-b':
      return { kind, share: fractionOf(share), key: { column: key.trim() }, metric: metric.trim(), hold: hold.trim() }
    case 'shadow':
      return { kind, share: fractionOf(share) }
    default:
      return kind satisfies never
  }
}

/** NaN for what is no number: the schema says so at its place. */
function fractionOf(percent: string): number {
  const text = percent.trim().replace(/%$/, '')
  return text === '' ? Number.NaN : Number(text) / 100
}

function fieldOf(name: PropertyKey | undefined): keyof RolloutForm {
  switch (name) {
    case 'hold':
    case 'share':
    case 'key':
    case 'metric':
      return name
    default:
      return 'steps'
  }
}
