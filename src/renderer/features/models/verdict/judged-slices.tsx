import { useTranslation } from 'react-i18next'
import type { JudgedSlice, SlicesFigures } from '#shared/gate.ts'
import { higherIsBetter } from '#shared/metrics.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import { Pill } from '../../../components/pill.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { type Column, Table } from '../../../components/table.tsx'
import { useFormat } from '../../../lib/format.ts'
import styles from '../models.module.css'
import { Difference } from '../slices-table.tsx'

/** The slices that the gate judged, the worst first. */
export function JudgedSlices({ figures }: { figures: SlicesFigures }) {
  const { t } = useTranslation()
  const { columns, metric, slices, small, minRows } = figures
  const by = columns.join(' × ')
  const direction = higherIsBetter[metric] === true ? 1 : -1
  const sorted = [...slices].sort((a, b) => direction * (a.metric - b.metric))
  return (
    <>
      <p className={styles.subtitle}>
        {t('gate.slicesTitle', { metric, columns: by })} <Deviation figures={figures} />
      </p>
      {sorted.length === 0 ? (
        <EmptyNote>{t('gate.noSlices')}</EmptyNote>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={styles.shortList} tabIndex={0} aria-label={t('gate.slicesTable', { columns: by })}>
          <SlicesTable figures={figures} slices={sorted} by={by} />
        </section>
      )}
      {small > 0 && <p className={styles.note}>{t('gate.smallSlices', { count: small, minRows })}</p>}
    </>
  )
}

function Deviation({ figures: { deviation, trueDeviation } }: { figures: SlicesFigures }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (deviation === null || trueDeviation === null) return null
  return (
    <span className="muted">
      {t('gate.deviation')}: {t('gate.deviationSeen', { value: format.short(deviation) })},{' '}
      {t('gate.deviationTrue', { value: format.short(trueDeviation) })}
    </span>
  )
}

interface SlicesTableProps {
  figures: SlicesFigures
  slices: readonly JudgedSlice[]
  by: string
}

function SlicesTable({ figures: { metric, worst }, slices, by }: SlicesTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const shown = (value: number | null) => (value === null ? '–' : format.metric(value))
  const columns: Column<JudgedSlice>[] = [
    {
      key: 'slice',
      label: t('gate.slice'),
      wraps: true,
      cell: ({ value }) => (
        <>
          {value} {value === worst && <Pill>{t('gate.worst')}</Pill>}
        </>
      ),
    },
    { key: 'rows', label: t('gate.rowsColumn'), numeric: true, cell: ({ rows }) => format.integer(rows) },
    { key: 'metric', label: metric, numeric: true, cell: (slice) => format.metric(slice.metric) },
    {
      key: 'error',
      label: t('gate.metricError'),
      numeric: true,
      cell: ({ standardError }) => (standardError === null ? '–' : format.short(standardError)),
    },
  ]
  if (slices.some(({ champion }) => champion !== null)) {
    columns.push(
      { key: 'champion', label: t('gate.championValue'), numeric: true, cell: ({ champion }) => shown(champion) },
      {
        key: 'drop',
        label: t('gate.drop'),
        numeric: true,
        cell: ({ drop }) => <Difference metric="logLoss" value={drop ?? undefined} />,
      },
    )
  }
  columns.push({
    key: 'passed',
    label: t('common.status'),
    cell: ({ passed }) => (
      <StatusMark status={passed ? 'blessed' : 'rejected'} text={t(passed ? 'models.passed' : 'models.notPassed')} />
    ),
  })
  return (
    <Table
      label={t('gate.slicesTable', { columns: by })}
      columns={columns}
      rows={slices}
      rowKey={({ value }) => value}
      selected={({ value }) => value === worst}
    />
  )
}
