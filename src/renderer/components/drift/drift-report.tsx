import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DriftReport, DriftResult } from '#shared/drift.ts'
import { useFormat } from '../../lib/format.ts'
import { sentenceWords } from '../../lib/words/sentences.ts'
import { useWords } from '../../lib/words/speech.ts'
import { Fact, Facts } from '../facts.tsx'
import { StatusMark } from '../status.tsx'
import { type Column, Table } from '../table.tsx'
import { byConcern } from './cells.ts'
import { ColumnCard, DriftMark } from './column-card.tsx'
import { PairLegend } from './distribution-pair.tsx'
import styles from './drift.module.css'
import { useDriftWords } from './use-drift-words.ts'

/** The verdict, the columns by what they weigh, and of each both distributions with all figures behind them. */
export function DriftReportView({ report }: { report: DriftReport }) {
  const rows = byConcern(report.results)
  return (
    <div className={styles.report}>
      <Verdict report={report} />
      <ColumnsTable rows={rows} />
      <Cards rows={rows} />
    </div>
  )
}

function Verdict({ report }: { report: DriftReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const sentences = useWords(sentenceWords)
  const { summary, multivariate, currentRows, referenceRows } = report
  const columnsFact = (label: string, names: readonly string[]) =>
    names.length > 0 && <Fact label={label}>{names.join(', ')}</Fact>
  return (
    <>
      {summary !== undefined && (
        <Facts>
          <Fact label={t('drift.verdict')}>
            <StatusMark
              status={summary.verdict === 'retrain' ? 'rejected' : 'blessed'}
              text={summary.verdict === 'retrain' ? t('drift.retrain') : t('drift.stable')}
            />
          </Fact>
          <Fact label={t('drift.weighted')}>
            {t('drift.weightedOf', {
              value: format.metric(summary.weightedDrift),
              limit: format.short(summary.retrainAbove),
            })}
          </Fact>
          <Fact label={t('drift.weights')}>
            {summary.weights === null ? t('drift.equalWeights') : sentences.text(summary.weights)}
          </Fact>
          {multivariate !== undefined && (
            <Fact label={t('drift.together')}>
              {t('drift.togetherOf', { auc: words.figure(multivariate.auc), limit: words.figure(multivariate.limit) })}
            </Fact>
          )}
          {columnsFact(t('drift.appeared'), summary.appeared)}
          {columnsFact(t('drift.vanished'), summary.vanished)}
          {columnsFact(t('drift.changedType'), summary.changedType)}
          <Fact label={t('drift.falseAlarms')}>
            {t('drift.falseAlarmsOf', { share: format.percent(summary.falseAlarmRate) })}
          </Fact>
        </Facts>
      )}
      {words.reasons(report).map((reason) => (
        <p key={reason} className={styles.line}>
          {reason}
        </p>
      ))}
      <p className={`${styles.line} muted`}>
        {t('drift.rows', { current: format.integer(currentRows), reference: format.integer(referenceRows) })}
      </p>
    </>
  )
}

function ColumnsTable({ rows }: { rows: readonly DriftResult[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const columns: Column<DriftResult>[] = [
    {
      key: 'feature',
      label: t('drift.column'),
      cell: ({ feature, target }) => (
        <>
          <code className="mono">{feature}</code> {target && <span className="muted">({t('drift.target')})</span>}
        </>
      ),
    },
    {
      key: 'weight',
      label: t('drift.weight'),
      numeric: true,
      cell: ({ weight }) => (weight === undefined || weight === null ? '–' : format.percent(weight)),
    },
    { key: 'status', label: t('common.status'), cell: (result) => <DriftMark of={result} /> },
    { key: 'value', label: t('drift.value'), numeric: true, cell: ({ value }) => words.figure(value) },
    { key: 'limit', label: t('drift.limit'), numeric: true, cell: words.limit },
    { key: 'measure', label: t('drift.measure'), wraps: true, cell: ({ measure }) => words.measure(measure) },
  ]
  return (
    <div className={styles.wide}>
      <Table label={t('drift.columns')} columns={columns} rows={rows} rowKey={({ feature }) => feature} />
    </div>
  )
}

/** So many are drawn at once; a table may have hundreds of columns. */
const shownCards = 24

function Cards({ rows }: { rows: readonly DriftResult[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const drawn = rows.filter(({ cells = [] }) => cells.length > 0)
  if (drawn.length === 0) return null
  const shown = all ? drawn : drawn.slice(0, shownCards)
  return (
    <section className={styles.section} aria-label={t('drift.distributions')}>
      <div className={styles.head}>
        <h3 className={styles.title}>{t('drift.distributions')}</h3>
        <PairLegend />
      </div>
      <div className={styles.cards}>
        {shown.map((result) => (
          <ColumnCard key={result.feature} result={result} />
        ))}
      </div>
      {shown.length < drawn.length && (
        <Button variant="default" size="xs" className={styles.all} onClick={() => setAll(true)}>
          {t('drift.showAll', { count: drawn.length - shown.length })}
        </Button>
      )}
    </section>
  )
}
