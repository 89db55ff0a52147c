import { useTranslation } from 'react-i18next'
import type { DriftHistory } from '#shared/drift.ts'
import { useDriftWords } from '../../../components/drift/use-drift-words.ts'
import { type Column, Table } from '../../../components/table.tsx'
import { useFormat } from '../../../lib/format.ts'
import styles from './drift-tab.module.css'
import { historyLines } from './history.ts'
import { HistoryChart } from './history-chart.tsx'

interface HistoryViewProps {
  history: DriftHistory
  /** The first day of the stretch that is looked at. */
  selected: string | undefined
  onSelect: (from: string, to: string) => void
}

/** Small charts of one scale of time, and their numbers in one table, whose stretches can be chosen. */
export function HistoryView({ history, selected, onSelect }: HistoryViewProps) {
  const { t } = useTranslation()
  const lines = historyLines(history)
  return (
    <section className={styles.stack} aria-labelledby="drift-history">
      <h3 className={styles.title} id="drift-history">
        {t('drift.history')}
      </h3>
      <p className={styles.note}>
        {t('drift.historyOf', {
          by: t(`drift.byInText.${history.by}`),
          reference: history.against.replace('..', ' … '),
        })}
        {history.rowsWithoutTime > 0 && ` ${t('drift.rowsWithoutTime', { count: history.rowsWithoutTime })}`}
      </p>
      <div className={styles.charts}>
        {lines.map((line) => (
          <HistoryChart key={line.feature ?? ''} line={line} by={history.by} selected={selected} />
        ))}
      </div>
      <Numbers history={history} selected={selected} onSelect={onSelect} />
    </section>
  )
}

type Span = DriftHistory['spans'][number]

function Numbers({ history: { spans }, selected, onSelect }: HistoryViewProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const features = [...new Set(spans.flatMap(({ columns }) => columns.map(({ feature }) => feature)))]
  const columns: Column<Span>[] = [
    {
      key: 'stretch',
      label: t('drift.stretch'),
      cell: ({ from, to }) => (
        <button
          type="button"
          className={styles.choose}
          aria-label={t('drift.chooseStretch', { from, to })}
          onClick={() => onSelect(from, to)}
        >
          {t('drift.span', { from, to })}
        </button>
      ),
    },
    { key: 'rows', label: t('drift.stretchRows'), numeric: true, cell: ({ rows }) => format.integer(rows) },
    {
      key: 'weighted',
      label: t('drift.weighted'),
      numeric: true,
      cell: ({ weightedDrift }) => format.metric(weightedDrift),
    },
    ...features.map(
      (feature): Column<Span> => ({
        key: feature,
        label: feature,
        numeric: true,
        cell: (span) => {
          const found = span.columns.find((one) => one.feature === feature)
          if (found === undefined) return '–'
          const figure = words.figure(found.value)
          return found.drifted ? <strong title={t('drift.drifted')}>▲ {figure}</strong> : figure
        },
      }),
    ),
  ]
  return (
    <details className={styles.numbers}>
      <summary>{t('common.tableOf')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.table} tabIndex={0} aria-label={t('drift.history')}>
        <Table
          label={t('drift.history')}
          columns={columns}
          rows={spans}
          rowKey={({ from }) => from}
          selected={({ from }) => from === selected}
        />
      </section>
    </details>
  )
}
