import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TriggerDecision } from '#shared/triggers.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { EvidenceList, RunLink } from './evidence-list.tsx'
import { OutcomeMark } from './outcome-mark.tsx'
import { useDecisions } from './queries.ts'
import styles from './triggers.module.css'

/** Every decision of a trigger with its evidence, newest first. */
export function DecisionTimeline({ id }: { id: string }) {
  const { t } = useTranslation()
  const decisions = useDecisions(id)
  return (
    <Panel title={t('triggers.history')}>
      <Loaded query={decisions} lines={6}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          if (items.length === 0) return <EmptyNote>{t('triggers.noHistory')}</EmptyNote>
          return (
            <>
              <ol className={styles.timeline} aria-label={t('triggers.history')}>
                {items.map((decision) => (
                  <DecisionEntry key={decision.id} decision={decision} />
                ))}
              </ol>
              {decisions.hasNextPage && (
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={decisions.isFetchingNextPage}
                  onClick={() => void decisions.fetchNextPage()}
                >
                  {t('triggers.older')}
                </Button>
              )}
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}

function DecisionEntry({ decision }: { decision: TriggerDecision }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { outcome, at, lastAt, count, conditions, holds, actor, runId, problem } = decision
  const times = t('triggers.times', { count, formatted: format.integer(count) })
  return (
    <li className={styles.entry}>
      <div className={styles.entryHead}>
        <OutcomeMark outcome={outcome} />
        {runId !== null && <RunLink id={runId} />}
        {actor !== null && <span className="muted">{t('triggers.by', { actor })}</span>}
        <span className={styles.when}>
          {count > 1 && <>{t('triggers.since', { times, at: format.dateTime(at) })} · </>}
          <Moment at={lastAt} />
        </span>
      </div>
      <EvidenceList conditions={conditions} holds={holds} />
      {problem !== null && <p className={styles.problem}>{problem.detail}</p>}
    </li>
  )
}
