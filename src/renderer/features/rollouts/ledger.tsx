import { useTranslation } from 'react-i18next'
import type { Rollout, RolloutEntry } from '#shared/rollout.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
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
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </Loaded>
  )
}

function Entry({ entry }: { entry: RolloutEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { action, fromShare, toShare, actor, reason, at, evidence } = entry
  const { checks, infrastructure } = evidence
  return (
    <li>
      <p className={styles.line}>
        <strong>{t(`rollouts.actions.${action}`)}</strong>{' '}
        {t('rollouts.shares', { from: format.share(fromShare), to: format.share(toShare) })} · <Moment at={at} />{' '}
        <span className="muted">{actor}</span>
      </p>
      {reason !== '' && <p className={styles.line}>{reason}</p>}
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
