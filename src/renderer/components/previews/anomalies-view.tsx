import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Anomaly } from '#shared/anomalies.ts'
import type { ReportedAnomaly } from '#shared/data.ts'
import { AlertIcon, CheckIcon, CrossIcon } from '../icons.tsx'
import styles from './anomalies.module.css'
import { ExampleRows } from './example-rows.tsx'

/** With rows and what accepting does, where a report was made for people; without, as a run stores it. */
export type ShownAnomaly = Anomaly & Partial<Pick<ReportedAnomaly, 'rows' | 'acceptance'>>

interface AnomaliesViewProps {
  anomalies: readonly ShownAnomaly[]
  /** How many rows were checked. */
  rows: number
  schemaFile: string
  environment: string
  onAccept?: ((anomaly: ShownAnomaly) => void) | undefined
  /** The one that is being accepted. */
  accepting?: ShownAnomaly | undefined
  /** Where the schema says what it expects of a column. */
  schemaHref?: ((column: string | undefined) => string) | undefined
}

/** Where data departs from its schema: every anomaly with what was expected, what was found, and its way out. */
export function AnomaliesView(props: AnomaliesViewProps) {
  const { anomalies, onAccept, accepting, schemaHref } = props
  return (
    <div className={styles.report}>
      <Summary {...props} />
      {anomalies.length > 0 && (
        <ul className={styles.list}>
          {anomalies.map((anomaly) => (
            <li key={`${anomaly.type} ${anomaly.column ?? ''}`}>
              <AnomalyCard
                anomaly={anomaly}
                onAccept={onAccept}
                busy={accepting !== undefined}
                accepting={accepting === anomaly}
                schemaHref={schemaHref?.(anomaly.column)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Summary({ anomalies, rows, schemaFile, environment }: AnomaliesViewProps) {
  const { t } = useTranslation()
  const errors = anomalies.filter(({ severity }) => severity === 'ERROR').length
  const warnings = anomalies.length - errors
  const tone = errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'good'
  const Icon = tone === 'good' ? CheckIcon : tone === 'warn' ? AlertIcon : CrossIcon
  const found = [
    ...(errors > 0 ? [t('anomaly.errors', { count: errors })] : []),
    ...(warnings > 0 ? [t('anomaly.warnings', { count: warnings })] : []),
  ]
  return (
    <p className={styles.summary} data-tone={tone} role="status">
      <Icon size={17} />
      <strong>{found.length === 0 ? t('anomaly.matches', { file: schemaFile }) : found.join(', ')}</strong>
      <span className={styles.checked}>{t('anomaly.checked', { count: rows, file: schemaFile, environment })}</span>
    </p>
  )
}

interface AnomalyCardProps {
  anomaly: ShownAnomaly
  onAccept: AnomaliesViewProps['onAccept']
  busy: boolean
  accepting: boolean
  schemaHref: string | undefined
}

function AnomalyCard({ anomaly, onAccept, busy, accepting, schemaHref }: AnomalyCardProps) {
  const { t } = useTranslation()
  const { type, severity, column, expected, found, examples, rows, acceptance } = anomaly
  const title = t(`anomaly.types.${type}.title`)
  return (
    <article
      className={styles.card}
      data-severity={severity}
      aria-label={`${column ?? t('anomaly.dataset')}: ${title}`}
    >
      <header className={styles.head}>
        <span className={styles.severity} data-severity={severity}>
          {t(`anomaly.severity.${severity}`)}
        </span>
        <h3 className={styles.title}>
          {column === undefined ? t('anomaly.dataset') : <code className="mono">{column}</code>}: {title}
        </h3>
        <code className={styles.type}>{type}</code>
      </header>
      <p className={styles.text}>{t(`anomaly.types.${type}.text`)}</p>
      <dl className={styles.facts}>
        <dt>{t('anomaly.expected')}</dt>
        <dd>{expected}</dd>
        <dt>{t('anomaly.found')}</dt>
        <dd>{found}</dd>
        {examples.length > 0 && rows == null && (
          <>
            <dt>{t('anomaly.examples')}</dt>
            <dd>{examples.join(', ')}</dd>
          </>
        )}
      </dl>
      {rows != null && rows.rows.length > 0 && <ExampleRows rows={rows} column={column} />}
      <footer className={styles.foot}>
        {acceptance != null && (
          <span className={styles.acceptance}>{t('anomaly.acceptance', { change: acceptance })}</span>
        )}
        {onAccept !== undefined && acceptance === null && <span className="muted">{t('anomaly.notAcceptable')}</span>}
        {schemaHref !== undefined && <Link href={schemaHref}>{t('anomaly.showInSchema')}</Link>}
        {onAccept !== undefined && acceptance != null && (
          <Button
            size="compact-sm"
            variant="light"
            loading={accepting}
            disabled={busy && !accepting}
            aria-label={t('anomaly.acceptThis', { title, column: column ?? t('anomaly.dataset') })}
            onClick={() => onAccept(anomaly)}
          >
            {t('anomaly.accept')}
          </Button>
        )}
      </footer>
    </article>
  )
}
