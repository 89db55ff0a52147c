/** The roll-back that a critical alert asks for: once for each alert, refused with a reason where it would not help. */
import type { Alert } from '#shared/alerts.ts'
import type { Revision } from '#shared/models.ts'

/** How `actor` of a revision begins that an alert has put there. */
export const actorOfAlert = 'alert '

export type RollBackDecision =
  /** The ledger has it already: the engine was killed before it was noted. */
  | { readonly kind: 'done'; readonly revision: Revision }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'roll-back'; readonly to: Revision }

/**
 * What to do about an alert. Pure.
 * @param revisions of its endpoint, newest first
 */
export function decideRollBack(
  { id, state, reading }: Pick<Alert, 'id' | 'state' | 'reading'>,
  revisions: readonly Revision[],
): RollBackDecision {
  const done = revisions.find(({ actor }) => actor === actorOfAlert + id)
  if (done !== undefined) return { kind: 'done', revision: done }
  const refused = (reason: string): RollBackDecision => ({ kind: 'refused', reason })
  if (state === 'cleared') return refused('The alert is over.')
  const [current, ...earlier] = revisions
  if (current === undefined) return refused('The endpoint has no revision.')
  const isAnother = ({ model, version }: Pick<Revision, 'model' | 'version'>) =>
    model !== current.model || version !== current.version
  const { model, version } = reading
  if (model !== null && version !== null && isAnother({ model, version })) {
    return refused(
      `Version ${current.version} of ${current.model} answers since revision ${current.number}; what was read is of version ${version}.`,
    )
  }
  if (current.createdAt > reading.to) {
    return refused(`Revision ${current.number} is newer than what was read.`)
  }
  if (current.actor.startsWith(actorOfAlert)) {
    return refused(
      `Revision ${current.number} is itself what an alert rolled back to: going on could go round in a circle.`,
    )
  }
  const to = earlier.find(isAnother)
  return to === undefined ? refused('No other version has answered here before.') : { kind: 'roll-back', to }
}
