/** Why an alias moved or a revision answers, in the language of the page. What people wrote stays as it is. Pure. */
import type { ActRefusal } from '#shared/alerts.ts'
import type { Judgement } from '#shared/gate.ts'
import { ledgerReasonOf } from '#shared/ledger-reasons.ts'
import { gateWords } from './gate.ts'
import type { Speech } from './speech.ts'

export interface LedgerEntry {
  readonly reason: string
  /** What the gate said, where the reason is its. */
  readonly gate?: Judgement | undefined
}

export function ledgerWords(speech: Speech) {
  const { t } = speech
  const gate = gateWords(speech)

  function reason({ reason: told, gate: judgement }: LedgerEntry): string {
    return judgement === undefined ? text(told) : gate.verdict({ ...judgement, reason: told })
  }

  function text(told: string): string {
    const said = ledgerReasonOf(told)
    switch (said.kind) {
      case 'no-gate':
      case 'not-promoting':
      case 'withdrawn':
        return t(`ledger.${said.kind}`)
      case 'rolled-back':
        return followedBy(t('ledger.rolled-back', { revision: said.revision }), said.more)
      case 'rolled-back-from':
        if (said.version === null) return t('ledger.rolled-back-from-none')
        return t('ledger.rolled-back-from', { version: said.version })
      case 'taken-back':
        return followedBy(t('ledger.taken-back', { version: said.version, endpoint: said.endpoint }), said.more)
      case 'alert':
        return t('ledger.alert', { monitor: said.monitor, check: said.check })
      case 'told':
        return said.text
      default:
        return said satisfies never
    }
  }

  function followedBy(sentence: string, more: string): string {
    return more === '' ? sentence : `${sentence} ${text(more)}`
  }

  /** What became of what an alert asked for. */
  function act({ reason: told, refusal }: { reason: string; refusal?: ActRefusal | undefined }): string {
    if (refusal === undefined) return text(told)
    switch (refusal.kind) {
      case 'another-version':
        return t('actRefusal.another-version', refusal)
      case 'newer':
      case 'by-alert':
        return t(`actRefusal.${refusal.kind}`, refusal)
      default:
        return t(`actRefusal.${refusal.kind}`)
    }
  }

  return { reason, act }
}
