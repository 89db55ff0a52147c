/** Measures of drift as sentences name them. Pure. */
import { driftMeasureSchema } from '#shared/drift.ts'
import type { Speech } from './speech.ts'

/** One that this version does not know keeps the name it was given. */
export function measureName({ t }: Pick<Speech, 't'>, name: string): string {
  const known = driftMeasureSchema.safeParse(name).data
  return known === undefined ? name : t(`drift.measures.${known}`)
}
