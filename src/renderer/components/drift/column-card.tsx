import { useTranslation } from 'react-i18next'
import type { DriftCell, DriftMeasurement, DriftResult } from '#shared/drift.ts'
import { useFormat } from '../../lib/format.ts'
import { Pill } from '../pill.tsx'
import { StatusMark, toneClass } from '../status.tsx'
import { type Column, Table } from '../table.tsx'
import { DistributionPair } from './distribution-pair.tsx'
import styles from './drift.module.css'
import { useDriftWords } from './use-drift-words.ts'

/** One column: whether it drifted, by which measure, both distributions, and all figures behind them. */
export function ColumnCard({ result }: { result: DriftResult }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const { feature, target, weight } = result
  return (
    <article className={styles.card} aria-label={feature}>
      <h4 className={styles.cardTitle}>
        <code className="mono">{feature}</code>
        {target && <Pill>{t('drift.target')}</Pill>}
        {weight !== undefined && weight !== null && (
          <span className="muted">{t('drift.weighs', { share: format.percent(weight) })}</span>
        )}
        <DriftMark of={result} />
      </h4>
      <p className={styles.measured}>
        {t('drift.measured', {
          measure: words.measure(result.measure),
          value: words.figure(result.value),
          limit: words.limit(result),
        })}
      </p>
      <DriftBar result={result} />
      <DistributionPair feature={feature} cells={result.cells ?? []} />
      <CardNumbers result={result} />
    </article>
  )
}

function CardNumbers({ result: { feature, measures = [], cells = [] } }: { result: DriftResult }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const ofMeasures: Column<DriftMeasurement>[] = [
    { key: 'measure', label: t('drift.measure'), wraps: true, cell: ({ measure }) => words.measure(measure) },
    { key: 'value', label: t('drift.value'), numeric: true, cell: ({ value }) => words.figure(value) },
    { key: 'limit', label: t('drift.limit'), numeric: true, cell: words.limit },
  ]
  const ofCells: Column<DriftCell>[] = [
    { key: 'cell', label: t('drift.cell'), wraps: true, cell: words.cell },
    { key: 'current', label: t('drift.now'), numeric: true, cell: ({ current }) => format.share(current) },
    { key: 'reference', label: t('drift.before'), numeric: true, cell: ({ reference }) => format.share(reference) },
  ]
  return (
    <details className={styles.numbers}>
      <summary>{t('drift.numbersOf', { feature })}</summary>
      {measures.length > 0 && (
        <Table
          label={t('drift.measuresOf', { feature })}
          columns={ofMeasures}
          rows={measures}
          rowKey={({ measure }) => measure}
        />
      )}
      {cells.length > 0 && (
        <Table
          label={t('drift.sharesOf', { feature })}
          columns={ofCells}
          rows={cells}
          rowKey={({ kind, value, from }) => `${kind} ${value ?? from ?? ''}`}
        />
      )}
    </details>
  )
}

export function DriftMark({ of: { drifted } }: { of: Pick<DriftMeasurement, 'drifted'> }) {
  const { t } = useTranslation()
  return (
    <StatusMark status={drifted ? 'rejected' : 'blessed'} text={drifted ? t('drift.drifted') : t('drift.stable')} />
  )
}

/** The limit stands at half of the width; what is beyond the end is only longer. A p-value has no length. */
function DriftBar({ result: { value, threshold, limit = threshold, drifted, drifts } }: { result: DriftResult }) {
  if (drifts === 'below') return null
  const share = limit > 0 ? Math.min(1, (value ?? 0) / (2 * limit)) : 0
  return (
    <span className={`${styles.bar} ${toneClass(drifted ? 'failed' : 'succeeded')}`} aria-hidden="true">
      <span className={styles.fill} style={{ width: `${100 * share}%` }} />
      <span className={styles.limit} />
    </span>
  )
}
