import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import type { MonitorList } from '#shared/monitors.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { Empty } from '../../components/empty.tsx'
import { AlertIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { MonitorView } from './monitor-view.tsx'
import styles from './monitoring.module.css'
import { useMonitors } from './queries.ts'

/** What is watched of an endpoint, and how it went. */
export function MonitoringTab({ endpoint }: { endpoint: Endpoint }) {
  const monitors = useMonitors(endpoint.name)
  return (
    <Loaded query={monitors}>
      {(list) => (
        <div className={styles.stack}>
          <Problems problems={list.problems.filter(({ projectId }) => projectId === endpoint.projectId)} />
          {list.monitors.length === 0 ? (
            <NoMonitor endpoint={endpoint.name} />
          ) : (
            list.monitors.map((monitor) => (
              <MonitorView key={`${monitor.projectId}/${monitor.name}`} monitor={monitor} />
            ))
          )}
        </div>
      )}
    </Loaded>
  )
}

/** Files that are not looked at until they are mended. */
function Problems({ problems }: { problems: MonitorList['problems'] }) {
  const { t } = useTranslation()
  if (problems.length === 0) return null
  return (
    <Panel title={t('monitoring.problems')}>
      <FileProblems problems={problems} />
    </Panel>
  )
}

function NoMonitor({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<AlertIcon size={32} />}
      title={t('monitoring.noneTitle')}
      text={t('monitoring.noneText', { file: `monitors/${endpoint}.yaml` })}
    >
      <CodeBlock label={`monitors/${endpoint}.yaml`} code={exampleOf(endpoint)} />
    </Empty>
  )
}

function exampleOf(endpoint: string): string {
  return `name: ${endpoint}
endpoint: ${endpoint}
window: 7d
every: 1h
checks:
  errors: { kind: errors, window: 1h, warning: { above: 0.01 }, critical: { above: 0.1 } }
  drift: { kind: drift, warning: { above: 0.15 } }
`
}
