import { SegmentedControl, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../components/code-block.tsx'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { BellIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useFormat } from '../../lib/format.ts'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useEndpoints } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import styles from './alerts.module.css'
import { AlertsTable } from './alerts-table.tsx'
import { type AlertFilter, type AlertState, alertStates, useAlerts } from './queries.ts'
import { WebhooksPanel } from './webhooks-panel.tsx'

const example = `checks:
  auc: { kind: performance, metric: auc, warning: { below: 0.6 } }
alerts:
  - checks: [auc]
    notify: [desktop, { webhook: ops }]
    act: roll-back`

/** What monitors found to matter: open alerts and those that are over, and where they are sent. */
export default function AlertsPage() {
  const { t } = useTranslation()
  const [filter, change] = useAlertFilter()
  const { pages, alerts, counts } = useAlerts(filter)
  const narrowed = filter.severity !== undefined || filter.endpoint !== undefined
  const none = alerts.length === 0 && counts?.open === 0 && filter.state !== 'cleared' && !narrowed
  return (
    <Page title={t('alerts.title')}>
      <Filters filter={filter} change={change} />
      <Panel title={<Counts filter={filter} open={counts?.open} critical={counts?.critical} />} flush>
        <Loaded query={pages} lines={6}>
          {() =>
            none ? (
              <NoAlerts />
            ) : alerts.length === 0 ? (
              <EmptyNote>{t('alerts.noneHere')}</EmptyNote>
            ) : (
              <AlertsTable
                // Another list is shown from its top.
                key={JSON.stringify(filter)}
                alerts={alerts}
                more={pages.hasNextPage}
                onMore={() => {
                  if (!pages.isFetchingNextPage) void pages.fetchNextPage()
                }}
              />
            )
          }
        </Loaded>
      </Panel>
      <WebhooksPanel />
    </Page>
  )
}

type Change = (name: 'state' | 'severity' | 'endpoint', value: string | undefined) => void

/** What stands in the address, so that it can be shared. */
function useAlertFilter(): [AlertFilter, Change] {
  const [state, setState] = useSearchParam('state')
  const [severity, setSeverity] = useSearchParam('severity')
  const [endpoint, setEndpoint] = useSearchParam('endpoint')
  const [project] = useProjectScope()
  const filter: AlertFilter = {
    state: alertStates.find((each) => each === state) ?? 'open',
    ...(severity === 'critical' && { severity }),
    ...(endpoint !== undefined && { endpoint }),
    ...(project !== undefined && { project }),
  }
  const setters = { state: setState, severity: setSeverity, endpoint: setEndpoint }
  return [filter, (name, value) => setters[name](value)]
}

function Filters({ filter, change }: { filter: AlertFilter; change: Change }) {
  const { t } = useTranslation()
  const endpoints = useEndpoints().data ?? []
  const names = [
    ...new Set([...endpoints.map(({ name }) => name), ...(filter.endpoint === undefined ? [] : [filter.endpoint])]),
  ]
  const setState = (value: AlertState) => change('state', value === 'open' ? undefined : value)
  return (
    <search className={styles.bar} aria-label={t('alerts.filters')}>
      <SegmentedControl<AlertState>
        size="xs"
        aria-label={t('common.status')}
        value={filter.state}
        data={alertStates.map((value) => ({ value, label: t(`alerts.state.${value}`) }))}
        onChange={setState}
      />
      <Select
        w={170}
        aria-label={t('alerts.severityLabel')}
        value={filter.severity ?? ''}
        data={[
          { value: '', label: t('alerts.anySeverity') },
          { value: 'critical', label: t('alerts.criticalOnly') },
        ]}
        onChange={(value) => change('severity', value || undefined)}
      />
      <Select
        w={190}
        aria-label={t('palette.endpoint')}
        value={filter.endpoint ?? ''}
        data={[{ value: '', label: t('alerts.anyEndpoint') }, ...names]}
        onChange={(value) => change('endpoint', value || undefined)}
      />
    </search>
  )
}

function Counts({
  filter,
  open,
  critical,
}: {
  filter: AlertFilter
  open: number | undefined
  critical: number | undefined
}) {
  const { t } = useTranslation()
  const format = useFormat()
  if (filter.state !== 'open' || open === undefined) return t('alerts.title')
  const counted = t('alerts.openCount', { count: open, formatted: format.integer(open) })
  return critical === undefined || critical === 0
    ? counted
    : `${counted}, ${t('alerts.criticalCount', { count: critical, formatted: format.integer(critical) })}`
}

function NoAlerts() {
  const { t } = useTranslation()
  return (
    <Empty icon={<BellIcon size={32} />} title={t('alerts.emptyTitle')} text={t('alerts.emptyText')}>
      <div className={styles.example}>
        <CodeBlock code={example} label={t('alerts.example')} />
      </div>
    </Empty>
  )
}
