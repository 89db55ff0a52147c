/**
 * Sentences that the engine itself writes into the ledgers of aliases and endpoints. They are stored in English, beside what
 * people write; both directions are here, so that a page can say them in its own language.
 */

export type LedgerReason =
  | { readonly kind: 'no-gate' }
  | { readonly kind: 'not-promoting' }
  /** Of a rollout. */
  | { readonly kind: 'withdrawn' }
  /** The revision that answers again. */
  | { readonly kind: 'rolled-back'; readonly revision: number; readonly more: string }
  /** The version that a model was rolled back from; null where the alias named none. */
  | { readonly kind: 'rolled-back-from'; readonly version: number | null }
  | { readonly kind: 'taken-back'; readonly version: number; readonly endpoint: string; readonly more: string }
  /** What was read is told by the alert. */
  | { readonly kind: 'alert'; readonly monitor: string; readonly check: string; readonly read: string }
  /** A person's words, or those of something else. */
  | { readonly kind: 'told'; readonly text: string }

const noGate = 'The pipeline has no gate.'
const withdrawn = 'The rollout was taken back.'
const notPromoting = 'The pipeline registers without promoting.'

export function ledgerText(reason: LedgerReason): string {
  switch (reason.kind) {
    case 'no-gate':
      return noGate
    case 'not-promoting':
      return notPromoting
    case 'withdrawn':
      return withdrawn
    case 'rolled-back':
      return followedBy(`Rolled back to revision ${reason.revision}.`, reason.more)
    case 'rolled-back-from':
      return `Rolled back from version ${reason.version ?? 'none'}.`
    case 'taken-back':
      return followedBy(`Version ${reason.version} was taken back at the endpoint "${reason.endpoint}".`, reason.more)
    case 'alert':
      return `Monitor ${reason.monitor}, check ${reason.check}: ${reason.read}`
    case 'told':
      return reason.text
  }
}

/** The other way round: what a stored sentence says. */
export function ledgerReasonOf(text: string): LedgerReason {
  if (text === noGate) return { kind: 'no-gate' }
  if (text === notPromoting) return { kind: 'not-promoting' }
  if (text === withdrawn) return { kind: 'withdrawn' }
  const [, revision, more = ''] = /^Rolled back to revision (\d+)\.(?: (.+))?$/s.exec(text) ?? []
  if (revision !== undefined) return { kind: 'rolled-back', revision: Number(revision), more }
  const [, from] = /^Rolled back from version (\d+|none)\.$/.exec(text) ?? []
  if (from !== undefined) return { kind: 'rolled-back-from', version: from === 'none' ? null : Number(from) }
  const [, version, endpoint, rest = ''] =
    /^Version (\d+) was taken back at the endpoint "([^"]+)"\.(?: (.+))?$/s.exec(text) ?? []
  if (version !== undefined && endpoint !== undefined) {
    return { kind: 'taken-back', version: Number(version), endpoint, more: rest }
  }
  const [, monitor, check, read] = /^Monitor (\S+), check (\S+): (.+)$/s.exec(text) ?? []
  if (monitor !== undefined && check !== undefined && read !== undefined) return { kind: 'alert', monitor, check, read }
  return { kind: 'told', text }
}

function followedBy(sentence: string, more: string): string {
  return more === '' ? sentence : `${sentence} ${more}`
}
