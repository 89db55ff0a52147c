import { useTranslation } from 'react-i18next'
import type { Rollout, RolloutEntry } from '#shared/rollout.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { rolloutWords } from '../../lib/words/rollouts.ts'
import { useWords } from '../../lib/words/speech.ts'
import { ChecksTable } from './checks-table.tsx'
import { useRollout } from './queries.ts'
import styles from './rollouts.module.css'

/** What was done when, by whom, and what it rested on. */
export function Ledger({ rollout }: { rollout: Rollout }) {
  const details = useRollout(rollout.endpoint, rollout.id)
  return (
    <Loaded query={details}>
      {({ entries }) => (
        <ol className={styles.ledger}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} rollout={rollout} />
          ))}
        </ol>
      )}
    </Loaded>
  )
}

function Entry({ entry, rollout }: { entry: RolloutEntry; rollout: Rollout }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ledger = useWords(ledgerWords)
  const decisions = useWords(rolloutWords)
  const { action, fromShare, toShare, actor, reason, at, evidence } = entry
  const { checks, infrastructure } = evidence
  // It begins for the reason of the rollout.
  const why = reason === rollout.reason ? ledger.reason(rollout) : decisions.reason(entry)
  return (
    <li>
      <p className={styles.line}>
        <strong>{t(`rollouts.actions.${action}`)}</strong>{' '}
        {t('rollouts.shares', { from: format.share(fromShare), to: format.share(toShare) })} · <Moment at={at} />{' '}
        <span className="muted">{actor}</span>
      </p>
      {reason !== '' && <p className={styles.line}>{why}</p>}
      {infrastructure !== undefined && (
        <p className={`${styles.line} muted`}>
          {t('rollouts.infrastructure', {
            golden: format.integer(infrastructure.goldenRequests),
            load: format.integer(infrastructure.loadRequests),
            p99: infrastructure.latencyP99Ms === null ? '–' : format.short(infrastructure.latencyP99Ms),
          })}
        </p>
      )}
      {checks.length > 0 && (
        <details className={styles.evidence}>
          <summary>{t('rollouts.evidence')}</summary>
          <ChecksTable checks={checks} />
        </details>
      )}
    </li>
  )
}
