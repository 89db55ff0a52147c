/** How filled features show in the answers: plainly for the plain form, as flat parameters for the Open Inference Protocol. */
import type { Steps } from '../kernel/turns.ts'
import type { FilledRows } from './feature-filler.ts'
import { encodeList } from './long-text.ts'

/** The members that follow the predictions, as JSON text with a comma before each; empty where there is nothing to tell. */
export function* plainFeatures({ summary, reads }: FilledRows, show: boolean): Steps<string> {
  const lacking = summary.filter(({ stale, missing }) => stale + missing > 0)
  const warnings = lacking.length === 0 ? '' : `,"featureWarnings":${JSON.stringify(lacking)}`
  return show ? `${warnings},"features":${yield* encodeList(reads)}` : warnings
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
  if (show) parameters.features = yield* encodeList(reads)
  return Object.keys(parameters).length === 0 ? undefined : parameters
}
