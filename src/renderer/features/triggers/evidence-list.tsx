import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ConditionEvidence, Hold } from '#shared/triggers.ts'
import { CheckIcon, CrossIcon, StopIcon } from '../../components/icons.tsx'
import styles from './triggers.module.css'
import { useTriggerWords } from './use-words.ts'

interface EvidenceListProps {
  conditions: readonly ConditionEvidence[]
  holds: readonly Hold[]
}

/** What was found for each condition, and what held the run back. */
export function EvidenceList({ conditions, holds }: EvidenceListProps) {
  const { t } = useTranslation()
  const words = useTriggerWords()
  if (conditions.length + holds.length === 0) return null
  return (
    <ul className={styles.evidence}>
      {conditions.map((condition) => {
        const [first, ...others] = words.evidence(condition)
        const label = t(condition.met ? 'triggers.met' : 'triggers.unmet')
        return (
          <li key={`${condition.kind} ${first}`} data-met={condition.met}>
            <span className={styles.mark} role="img" aria-label={label} title={label}>
              {condition.met ? <CheckIcon size={13} /> : <CrossIcon size={13} />}
            </span>
            <span>
              {first} <Source condition={condition} />
              {others.map((line) => (
                <span key={line} className={styles.more}>
                  {line}
                </span>
              ))}
            </span>
          </li>
        )
      })}
      {holds.map((hold) => (
        <li key={hold.kind + ('unit' in hold ? hold.unit : '')} data-hold>
          <span className={styles.mark}>
            <StopIcon size={13} />
          </span>
          <span>
            {words.hold(hold)} {hold.kind === 'overlap' && <RunLink id={hold.runId} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Source({ condition }: { condition: ConditionEvidence }) {
  if (condition.kind === 'alert' && condition.alert !== null) return <AlertLink id={condition.alert.id} />
  if (condition.kind === 'reading' && condition.reading !== null) return <CheckLink {...condition.reading} />
  return condition.kind === 'after' && condition.runId !== null ? <RunLink id={condition.runId} /> : null
}

function AlertLink({ id }: { id: string }) {
  const { t } = useTranslation()
  return <Link href={`/alerts/${id}`}>{t('common.alert')}</Link>
}

function CheckLink({ endpoint, check }: { endpoint: string; check: string }) {
  const { t } = useTranslation()
  const place = `/endpoints/${encodeURIComponent(endpoint)}?tab=monitoring&check=${encodeURIComponent(check)}`
  return <Link href={place}>{t('triggers.readings')}</Link>
}

export function RunLink({ id }: { id: string }) {
  const { t } = useTranslation()
  return (
    <Link href={`/runs/${id}`}>
      {t('common.run')} <span className="mono">{id.slice(-6)}</span>
    </Link>
  )
}
