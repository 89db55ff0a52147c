import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Trigger } from '#shared/triggers.ts'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { parameterText } from '../pipelines/parameter-value.ts'
import { EvidenceList } from './evidence-list.tsx'
import { useCheck } from './queries.ts'
import styles from './triggers.module.css'

/** What would be decided now, measured when it is asked. */
export function CheckPanel({ trigger }: { trigger: Trigger }) {
  const { t } = useTranslation()
  const check = useCheck()
  const { data, error, isPending } = check
  const ask = () => check.mutate({ params: { id: trigger.id } })
  return (
    <Panel
      title={t('triggers.check')}
      actions={
        <Button variant="default" size="compact-sm" loading={isPending} onClick={ask}>
          {t('triggers.checkAsk')}
        </Button>
      }
    >
      <div aria-live="polite">
        {data === undefined && error === null && <p className={styles.hint}>{t('triggers.checkHint')}</p>}
        {error !== null && <ProblemAlert problem={problemOf(error)} />}
        {data !== undefined && (
          <>
            <p className={styles.verdict}>{t(`triggers.checkOutcome.${data.outcome}`)}</p>
            {data.paused && <p className={styles.hint}>{t('triggers.checkPaused')}</p>}
            <EvidenceList conditions={data.conditions} holds={data.holds} />
            {Object.entries(data.parameters).map(([name, value]) => (
              <div key={name} className="mono">
                {name} = {parameterText(value)}
              </div>
            ))}
          </>
        )}
      </div>
    </Panel>
  )
}
