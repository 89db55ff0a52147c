import type { Endpoint } from '#shared/models.ts'
import styles from '../models/models.module.css'
import { AccessPanel } from './access-panel.tsx'
import { BudgetPanel } from './infrastructure/budget-panel.tsx'
import { ChecksPanel } from './infrastructure/checks-panel.tsx'
import { RequestLogPanel } from './requests/request-log-panel.tsx'
import { Revisions } from './revisions.tsx'
import { ServingPanel } from './serving-panel.tsx'
import { TrafficPanel } from './traffic-panel.tsx'
import { TryPanel } from './try-panel.tsx'

/** What answers now, how it goes, a form to try it, who may ask, and what answered or was tried before. */
export function OverviewTab({ endpoint }: { endpoint: Endpoint }) {
  const { revision, url } = endpoint
  return (
    <div className={styles.stack}>
      <div className={styles.columns}>
        <ServingPanel endpoint={endpoint} />
        <TrafficPanel endpoint={endpoint.name} />
      </div>
      {revision !== null && url !== null && <TryPanel endpoint={endpoint.name} url={url} revision={revision} />}
      <AccessPanel endpoint={endpoint.name} />
      <RequestLogPanel endpoint={endpoint.name} />
      <BudgetPanel endpoint={endpoint.name} />
      <Revisions endpoint={endpoint} />
      <ChecksPanel endpoint={endpoint.name} />
    </div>
  )
}
