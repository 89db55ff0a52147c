/** How filled features show in the answers: plainly for the plain form, as flat parameters for the Open Inference Protocol. */
import type { Steps } from '../kernel/turns.ts'
import type { FilledRows } from './feature-filler.ts'
import { LongText } from './long-text.ts'

/** Adds the members that follow the predictions, with a comma before each; nothing where there is nothing to tell. */
export function* addPlainFeatures(body: LongText, { summary, reads }: FilledRows, show: boolean): Steps<void> {
  const lacking = summary.filter(({ stale, missing }) => stale + missing > 0)
  if (lacking.length > 0) body.add(`,"featureWarnings":${JSON.stringify(lacking)}`)
  if (!show) return
  body.add(',"features":')
  yield* body.addList(reads)
}

/** Parameters of the protocol are texts, numbers or booleans. Undefined where there is nothing to tell. */
export function* protocolFeatures(
  { summary, reads }: FilledRows,
  show: boolean,
): Steps<Record<string, string | number> | undefined> {
  const parameters: Record<string, string | number> = {}
  for (const { view, stale, missing } of summary) {
    if (stale > 0) parameters[`features_stale.${view}`] = stale
    if (missing > 0) parameters[`features_missing.${view}`] = missing
  }
  if (show) {
    const text = new LongText()
    yield* text.addList(reads)
    parameters.features = String(text.end())
  }
  return Object.keys(parameters).length === 0 ? undefined : parameters
}
