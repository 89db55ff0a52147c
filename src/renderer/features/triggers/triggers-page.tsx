import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { TriggerState } from '#shared/triggers.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { Empty } from '../../components/empty.tsx'
import { TriggerIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useProjectScope } from '../../lib/project-scope.ts'
import { usePause, useTriggers } from './queries.ts'
import styles from './triggers.module.css'
import { TriggersTable } from './triggers-table.tsx'

const example = `triggers:
  - schedule: "0 3 * * 1"
  - new-data: flights
    minRows: 1000
  - drift: { model: flight-delay, dataset: flights, above: 0.1 }`

/** What starts runs by itself, of the project at work on. */
export default function TriggersPage() {
  const { t } = useTranslation()
  const triggers = useTriggers()
  return (
    <Page
      title={t('triggers.title')}
      actions={
        <>
          <Link href="/triggers/backtest">{t('backtest.title')}</Link>
          {triggers.data && <PauseAll state={triggers.data} />}
        </>
      }
    >
      <Loaded query={triggers} lines={6}>
        {(state) => <TriggersView state={state} />}
      </Loaded>
    </Page>
  )
}

function TriggersView({ state }: { state: TriggerState }) {
  const { t } = useTranslation()
  const [projectId] = useProjectScope()
  const shown = state.triggers.filter((trigger) => projectId === undefined || trigger.projectId === projectId)
  if (shown.length === 0) {
    return (
      <Empty icon={<TriggerIcon size={32} />} title={t('triggers.emptyTitle')} text={t('triggers.emptyText')}>
        <div className={styles.example}>
          <CodeBlock code={example} label={t('triggers.example')} />
        </div>
        <Button component={Link} href="/pipelines" variant="default">
          {t('triggers.openPipelines')}
        </Button>
      </Empty>
    )
  }
  return (
    <>
      {state.paused && (
        <p className={styles.notice} role="status">
          {t('triggers.pausedAll')}
        </p>
      )}
      <Panel title={t('triggers.title')} flush>
        <TriggersTable triggers={shown} />
      </Panel>
    </>
  )
}

function PauseAll({ state: { paused, triggers } }: { state: TriggerState }) {
  const { t } = useTranslation()
  const pause = usePause()
  if (triggers.length === 0) return null
  return (
    <Button variant="default" onClick={() => pause.all(!paused)}>
      {t(paused ? 'triggers.resumeAll' : 'triggers.pauseAll')}
    </Button>
  )
}
