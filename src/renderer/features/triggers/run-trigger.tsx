import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunSummary } from '#shared/runs.ts'
import { startedByTrigger } from '#shared/triggers.ts'
import { Fact } from '../../components/facts.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { useRunTrigger } from './queries.ts'
import styles from './triggers.module.css'

/** Who or what started a run; of a trigger also why. */
export function StartedBy({ run }: { run: Pick<RunSummary, 'id' | 'startedBy'> }) {
  const { t } = useTranslation()
  const { data } = useRunTrigger(run.id, run.startedBy.startsWith(startedByTrigger))
  if (data == null) return <Fact label={t('runs.startedBy')}>{run.startedBy}</Fact>
  const { triggerId, exists, decision } = data
  return (
    <>
      <Fact label={t('runs.startedBy')}>
        <span className={styles.inline}>
          {exists ? <Link href={`/triggers/${triggerId}`}>{run.startedBy}</Link> : run.startedBy}
          {decision.actor !== null && <> {t('triggers.by', { actor: decision.actor })}</>}
        </span>
      </Fact>
      <Fact label={t('triggers.evidenceOfRun')}>
        <EvidenceList conditions={decision.conditions} holds={decision.holds} />
      </Fact>
    </>
  )
}
