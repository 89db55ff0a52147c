import { useTranslation } from 'react-i18next'
import type { DriftCell, DriftMeasurement, DriftReport, DriftResult } from '#shared/drift.ts'
import { Fact, Facts } from '../../../components/facts.tsx'
import { StatusMark, toneClass } from '../../../components/status.tsx'
import { type Column, Table } from '../../../components/table.tsx'
import { useFormat } from '../../../lib/format.ts'
import styles from './step.module.css'

/** The verdict, the columns by what they weigh, and behind each all measures and both distributions. */
export function DriftPreview({ report }: { report: DriftReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { results, current, reference } = report
  const rows = [...results].sort(
    (a, b) =>
      Number(b.drifted) - Number(a.drifted) || (b.weight ?? 0) - (a.weight ?? 0) || (b.value ?? 0) - (a.value ?? 0),
  )
  const columns: Column<DriftResult>[] = [
    {
      key: 'feature',
      label: t('step.feature'),
      cell: ({ feature, target }) => (target ? t('step.targetColumn', { feature }) : feature),
    },
    {
      key: 'weight',
      label: t('step.weight'),
      numeric: true,
      cell: ({ weight }) => (weight === undefined || weight === null ? '–' : format.percent(weight)),
    },
    { key: 'status', label: t('common.status'), cell: (result) => <DriftMark of={result} /> },
    { key: 'bar', label: t('step.distance'), cell: (result) => <DriftBar result={result} /> },
    { key: 'value', label: t('run.value'), numeric: true, cell: ({ value }) => shown(format, value) },
    {
      key: 'limit',
      label: t('step.limit'),
      numeric: true,
      cell: ({ limit, threshold }) => format.metric(limit ?? threshold),
    },
    { key: 'measure', label: t('step.measure'), wraps: true, cell: ({ measure }) => measure },
  ]
  return (
    <>
      <p className={styles.line}>{t('step.driftBetween', { current, reference })}</p>
      <DriftVerdict report={report} />
      <div className={styles.flush}>
        <Table label={t('artifact.drift')} columns={columns} rows={rows} rowKey={({ feature }) => feature} />
      </div>
      {rows
        .filter(({ cells = [] }) => cells.length > 0)
        .map((result) => (
          <DriftDetails key={result.feature} result={result} />
        ))}
    </>
  )
}

function DriftVerdict({ report: { summary, multivariate } }: { report: DriftReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (summary === undefined) return null
  return (
    <>
      <Facts>
        <Fact label={t('step.driftVerdict')}>
          <StatusMark
            status={summary.verdict === 'retrain' ? 'rejected' : 'blessed'}
            text={summary.verdict === 'retrain' ? t('step.retrain') : t('step.stable')}
          />
        </Fact>
        <Fact label={t('step.weightedDrift')}>{format.metric(summary.weightedDrift)}</Fact>
        <Fact label={t('step.weights')}>{summary.weights ?? t('step.equalWeights')}</Fact>
        {multivariate !== undefined && <Fact label={t('step.domainAuc')}>{format.metric(multivariate.auc)}</Fact>}
      </Facts>
      {summary.reasons.map((reason) => (
        <p key={reason} className={styles.line}>
          {reason}
        </p>
      ))}
    </>
  )
}

function DriftDetails({ result: { feature, measures = [], cells = [] } }: { result: DriftResult }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ofMeasures: Column<DriftMeasurement>[] = [
    { key: 'measure', label: t('step.measure'), wraps: true, cell: ({ measure }) => measure },
    { key: 'status', label: t('common.status'), cell: (one) => <DriftMark of={one} /> },
    { key: 'value', label: t('run.value'), numeric: true, cell: ({ value }) => shown(format, value) },
    {
      key: 'limit',
      label: t('step.limit'),
      numeric: true,
      cell: ({ limit, threshold, drifts }) => `${drifts === 'below' ? '<' : '>'} ${format.metric(limit ?? threshold)}`,
    },
  ]
  const most = Math.max(...cells.flatMap(({ current, reference }) => [current, reference]))
  const share = (value: number) => <Share value={value} most={most} />
  const ofCells: Column<DriftCell>[] = [
    { key: 'cell', label: t('run.value'), cell: (cell) => <CellText cell={cell} /> },
    { key: 'current', label: t('step.current'), cell: ({ current }) => share(current) },
    { key: 'reference', label: t('step.reference'), cell: ({ reference }) => share(reference) },
  ]
  return (
    <details>
      <summary className={styles.line}>{t('step.distributionsOf', { feature })}</summary>
      <div className={styles.flush}>
        <Table
          label={t('step.measuresOf', { feature })}
          columns={ofMeasures}
          rows={measures}
          rowKey={(one) => one.measure}
        />
        <Table
          label={t('step.distributionsOf', { feature })}
          columns={ofCells}
          rows={cells}
          rowKey={(cell) => `${cell.kind} ${cell.value ?? cell.from ?? ''}`}
        />
      </div>
    </details>
  )
}

function DriftMark({ of: { drifted } }: { of: Pick<DriftMeasurement, 'drifted'> }) {
  const { t } = useTranslation()
  return <StatusMark status={drifted ? 'rejected' : 'blessed'} text={drifted ? t('step.drifted') : t('step.stable')} />
}

/** The limit stands at half of the width; what is beyond the end is only longer. */
function DriftBar({ result: { value, threshold, limit = threshold, drifted } }: { result: DriftResult }) {
  const share = limit > 0 ? Math.min(1, (value ?? 0) / (2 * limit)) : 0
  return (
    <span className={`${styles.bar} ${toneClass(drifted ? 'failed' : 'succeeded')}`} aria-hidden="true">
      <span className={styles.fill} style={{ width: `${100 * share}%` }} />
      <span className={styles.limit} style={{ left: '50%' }} />
    </span>
  )
}

function Share({ value, most }: { value: number; most: number }) {
  const format = useFormat()
  return (
    <>
      <span className={styles.bar} aria-hidden="true">
        <span className={styles.fill} style={{ width: `${(100 * value) / (most || 1)}%` }} />
      </span>{' '}
      {format.percent(value)}
    </>
  )
}

function shown(format: ReturnType<typeof useFormat>, value: number | null): string {
  return value === null ? '–' : format.metric(value)
}

function CellText({ cell: { kind, value, from = 0, to = 0 } }: { cell: DriftCell }) {
  const { t } = useTranslation()
  const format = useFormat()
  switch (kind) {
    case 'value':
      return value
    case 'range':
      return from === to ? format.metric(from) : `${format.metric(from)} – ${format.metric(to)}`
    case 'other':
      return t('step.otherValues')
    case 'missing':
      return t('step.missingValues')
    case 'infinite':
      return t('step.infiniteValues')
  }
}
