import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../chart.tsx'
import { EmptyNote } from '../empty.tsx'
import { type ColumnDetailsProps, ColumnFigures } from './column-figures.tsx'
import { useDataFormat } from './data-format.ts'
import { distributionChart } from './distribution-chart.ts'
import styles from './statistics.module.css'

/** One column at large: its distribution, and every figure that is known of it. */
export function ColumnDetails({ row, rows, otherRows, names }: ColumnDetailsProps) {
  const { t } = useTranslation()
  const format = useDataFormat()
  const { column, other, divergence } = row
  const chart = useMemo(() => {
    const samples = [{ name: names[0], rows, column }]
    if (other !== undefined && otherRows !== undefined) samples.push({ name: names[1], rows: otherRows, column: other })
    return distributionChart(
      samples,
      {
        value: t('preview.value'),
        from: t('preview.from'),
        to: t('preview.to'),
        rows: t('preview.rows'),
        share: t('preview.share'),
        density: t('preview.density'),
        densityPerDay: t('preview.densityPerDay'),
        others: t('preview.others'),
      },
      format,
    )
  }, [t, format, column, other, rows, otherRows, names[0], names[1]])
  const label = t('preview.distributionOf', { column: column.name })
  return (
    <section className={styles.details} aria-label={column.name}>
      <h3 className={styles.detailsTitle}>
        {column.name}{' '}
        <span className={styles.type}>
          {t(`preview.types.${column.type}`)} · {column.storageType}
        </span>
      </h3>
      {chart === undefined ? (
        <EmptyNote>{t('preview.noDistribution')}</EmptyNote>
      ) : (
        <Chart
          key={column.name}
          title={t('preview.distribution')}
          label={label}
          option={chart.option}
          table={chart.table}
          heightPx={chart.heightPx}
        />
      )}
      {chart?.rest !== undefined && (
        <p className={styles.divergence}>
          {t('preview.others')} <strong>{chart.rest}</strong>
        </p>
      )}
      {divergence !== undefined && (
        <p className={styles.divergence}>
          {t('preview.divergence')} <strong>{format.ratio(divergence)}</strong>{' '}
          <span className="muted">{t('preview.divergenceHint')}</span>
        </p>
      )}
      <ColumnFigures row={row} rows={rows} otherRows={otherRows} names={names} />
    </section>
  )
}
