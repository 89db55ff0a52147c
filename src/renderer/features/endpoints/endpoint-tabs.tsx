import { Tabs } from '@mantine/core'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { MonitoringTab } from '../monitoring/monitoring-tab.tsx'
import { RolloutTab } from '../rollouts/rollout-tab.tsx'
import { TimelineTab } from '../timeline/timeline-tab.tsx'
import styles from './endpoints.module.css'
import { OverviewTab } from './overview-tab.tsx'
import { RequestsTab } from './requests/requests-tab.tsx'

interface Tab {
  /** In the address, and the name of its text under `endpoints.tabs`. */
  readonly id: 'overview' | 'monitoring' | 'requests' | 'rollout' | 'timeline'
  readonly Panel: ComponentType<{ endpoint: Endpoint }>
}

const overview: Tab = { id: 'overview', Panel: OverviewTab }
const tabs: readonly Tab[] = [
  overview,
  { id: 'monitoring', Panel: MonitoringTab },
  { id: 'requests', Panel: RequestsTab },
  { id: 'rollout', Panel: RolloutTab },
  { id: 'timeline', Panel: TimelineTab },
]

/** The sides of an endpoint: a line in `tabs` for each. */
export function EndpointTabs({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const [asked, ask] = useSearchParam('tab')
  const { id: shown, Panel } = tabs.find(({ id }) => id === asked) ?? overview
  return (
    <Tabs value={shown} onChange={(id) => ask(id === overview.id || id === null ? undefined : id)} keepMounted={false}>
      <Tabs.List>
        {tabs.map(({ id }) => (
          <Tabs.Tab key={id} value={id}>
            {t(`endpoints.tabs.${id}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={shown} className={styles.tab}>
        <Panel endpoint={endpoint} />
      </Tabs.Panel>
    </Tabs>
  )
}
