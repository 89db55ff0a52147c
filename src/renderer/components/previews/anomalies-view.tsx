import { type Anomaly, type Comparison, isSameAnomaly, type Verdicts } from '#shared/anomalies.ts'
import styles from './anomalies.module.css'
import type { AnomalyActions, ShownAnomaly } from './anomaly-actions.ts'
import { AnomalyCard } from './anomaly-card.tsx'
import { ComparisonsTable } from './comparisons-table.tsx'
import { VerdictsView } from './verdicts-view.tsx'

interface AnomaliesViewProps {
  anomalies: readonly ShownAnomaly[]
  /** Undefined in reports of versions that gave none. */
  verdicts: Verdicts | undefined
  comparisons: readonly Comparison[]
  /** How many rows were checked. */
  rows: number
  schemaFile: string
  environment: string
  actions?: AnomalyActions | undefined
  /** Where the schema says what it expects of a column. */
  schemaHref?: ((column: string | undefined) => string) | undefined
}

/** Both verdicts, then every anomaly with what was expected, what was found, and its ways out. */
export function AnomaliesView(props: AnomaliesViewProps) {
  const { anomalies, verdicts, comparisons, rows, schemaFile, environment, actions, schemaHref } = props
  return (
    <div className={styles.report}>
      <VerdictsView
        anomalies={anomalies}
        verdicts={verdicts}
        rows={rows}
        schemaFile={schemaFile}
        environment={environment}
      />
      {anomalies.length > 0 && (
        <ul className={styles.list}>
          {anomalies.map((anomaly) => (
            <li key={keyOf(anomaly)}>
              <AnomalyCard
                anomaly={anomaly}
                actions={actions}
                accepting={actions?.accepting !== undefined && isSameAnomaly(actions.accepting, anomaly)}
                schemaHref={schemaHref?.(anomaly.column)}
              />
            </li>
          ))}
        </ul>
      )}
      {comparisons.length > 0 && <ComparisonsTable comparisons={comparisons} />}
    </div>
  )
}

function keyOf({ type, column, rule }: Anomaly): string {
  return JSON.stringify([type, column, rule])
}
