import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { sentenceWords } from '../../lib/words/sentences.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './anomalies.module.css'
import type { AnomalyActions, ShownAnomaly } from './anomaly-actions.ts'
import { useDataFormat } from './data-format.ts'
import { ExampleRows } from './example-rows.tsx'

interface AnomalyCardProps {
  anomaly: ShownAnomaly
  actions: AnomalyActions | undefined
  accepting: boolean
  schemaHref: string | undefined
}

/** One anomaly: what it is, the figures, rows that show it, and what can be done. */
export function AnomalyCard({ anomaly, actions, accepting, schemaHref }: AnomalyCardProps) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  const { type, severity, column, rule, expected, found, examples, rows } = anomaly
  const title = type === 'CUSTOM_VALIDATION' && rule !== undefined ? rule : t(`anomaly.types.${type}.title`)
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
        <dd>{sentences.text(expected)}</dd>
        <dt>{t('anomaly.found')}</dt>
        <dd>{sentences.text(found)}</dd>
        <Figures anomaly={anomaly} />
        {examples.length > 0 && rows == null && (
          <>
            <dt>{t('anomaly.examples')}</dt>
            <dd>{examples.join(', ')}</dd>
          </>
        )}
      </dl>
      {rows != null && rows.rows.length > 0 && <ExampleRows rows={rows} column={column} />}
      <WaysOut anomaly={anomaly} actions={actions} accepting={accepting} title={title} schemaHref={schemaHref} />
    </article>
  )
}

/** How many rows are at fault, and how far what was measured is from its limit. */
function Figures({ anomaly: { figures, rows } }: { anomaly: ShownAnomaly }) {
  const { t } = useTranslation()
  const format = useDataFormat()
  const faulty = figures?.faulty ?? rows?.total
  const number = (value: number) => format.figure(value, 'number')
  const parts = [
    ...(faulty === undefined ? [] : [t('anomaly.faultyRows', { count: faulty })]),
    ...(figures?.value === undefined || figures.limit === undefined
      ? []
      : [t('anomaly.measured', { value: number(figures.value), limit: number(figures.limit) })]),
  ]
  if (parts.length === 0) return null
  return (
    <>
      <dt>{t('anomaly.figures')}</dt>
      <dd>{parts.join('; ')}</dd>
    </>
  )
}

type WaysOutProps = AnomalyCardProps & { title: string }

/** Mend the data, accept what it is, or put the rows aside. */
function WaysOut({ anomaly, actions, accepting, title, schemaHref }: WaysOutProps) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  const { type, column, acceptance } = anomaly
  const of = column ?? t('anomaly.dataset')
  return (
    <dl className={styles.ways} aria-label={t('anomaly.waysOut')}>
      <dt>{t('anomaly.fixLabel')}</dt>
      <dd>{t(`anomaly.types.${type}.fix`)}</dd>
      {actions !== undefined && (
        <>
          <dt>{t('anomaly.acceptLabel')}</dt>
          <dd>
            <span>
              {acceptance == null
                ? t('anomaly.notAcceptable')
                : t('anomaly.acceptance', { change: sentences.text(acceptance) })}
            </span>
            {schemaHref !== undefined && <Link href={schemaHref}>{t('anomaly.showInSchema')}</Link>}
            {acceptance != null && (
              <Button
                size="compact-sm"
                variant="light"
                loading={accepting}
                disabled={actions.accepting !== undefined && !accepting}
                aria-label={t('anomaly.acceptThis', { title, column: of })}
                onClick={() => actions.accept(anomaly)}
              >
                {t('anomaly.accept')}
              </Button>
            )}
          </dd>
        </>
      )}
      {actions !== undefined && anomaly.quarantinable === true && (
        <QuarantineWays actions={actions} label={t('anomaly.quarantineThis', { title, column: of })} />
      )}
    </dl>
  )
}

function QuarantineWays({ actions, label }: { actions: AnomalyActions; label: string }) {
  const { t } = useTranslation()
  const { places, quarantine, quarantining } = actions
  return (
    <>
      <dt>{t('anomaly.quarantineLabel')}</dt>
      {places.length === 0 && <dd className="muted">{t('anomaly.noPipeline')}</dd>}
      {places.map((place) => {
        const { pipeline, step, after } = place
        if (step !== null) return <dd key={`${pipeline} ${after}`}>{t('anomaly.quarantined', { pipeline, step })}</dd>
        const busy = quarantining !== undefined
        const isThis = quarantining?.pipeline === pipeline && quarantining.after === after
        return (
          <dd key={`${pipeline} ${after}`}>
            <span>{t('anomaly.quarantineText', { pipeline })}</span>
            <Button
              size="compact-sm"
              variant="light"
              loading={isThis}
              disabled={busy && !isThis}
              aria-label={`${label} (${pipeline})`}
              onClick={() => quarantine(place)}
            >
              {t('anomaly.quarantine')}
            </Button>
          </dd>
        )
      })}
    </>
  )
}
