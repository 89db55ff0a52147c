/** The roll-back that a critical alert asks for: once for each alert, refused with a reason where it would not help. */
import type { ActRefusal, Alert } from '#shared/alerts.ts'
import type { Revision } from '#shared/models.ts'

/** How `actor` of a revision begins that an alert has put there. */
export const actorOfAlert = 'alert '

export type RollBackDecision =
  /** The ledger has it already: the engine was killed before it was noted. */
  | { readonly kind: 'done'; readonly revision: Revision }
  | { readonly kind: 'refused'; readonly reason: string; readonly refusal: ActRefusal }
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
  const refused = (refusal: ActRefusal): RollBackDecision => ({
    kind: 'refused',
    refusal,
    reason: refusalText(refusal),
  })
  if (state === 'cleared') return refused({ kind: 'over' })
  const [current, ...earlier] = revisions
  if (current === undefined) return refused({ kind: 'no-revision' })
  const isAnother = ({ model, version }: Pick<Revision, 'model' | 'version'>) =>
    model !== current.model || version !== current.version
  const { model, version } = reading
  if (model !== null && version !== null && isAnother({ model, version })) {
    const answers = { model: current.model, version: current.version, revision: current.number }
    return refused({ kind: 'another-version', ...answers, read: version })
  }
  if (current.createdAt > reading.to) {
    return refused({ kind: 'newer', revision: current.number })
  }
  if (current.actor.startsWith(actorOfAlert)) {
    return refused({ kind: 'by-alert', revision: current.number })
  }
  const to = earlier.find(isAnother)
  return to === undefined ? refused({ kind: 'no-other-version' }) : { kind: 'roll-back', to }
}

function refusalText(refusal: ActRefusal): string {
  switch (refusal.kind) {
    case 'over':
      return 'The alert is over.'
    case 'no-revision':
      return 'The endpoint has no revision.'
    case 'another-version': {
      const { model, version, revision, read } = refusal
      return `Version ${version} of ${model} answers since revision ${revision}; what was read is of version ${read}.`
    }
    case 'newer':
      return `Revision ${refusal.revision} is newer than what was read.`
    case 'by-alert':
      return `Revision ${refusal.revision} is itself what an alert rolled back to: going on could go round in a circle.`
    case 'no-other-version':
      return 'No other version has answered here before.'
  }
}
