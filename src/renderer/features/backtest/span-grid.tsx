import { useTranslation } from 'react-i18next'
import type { Decision, ReplayResult, ReplayRow, Span } from '#shared/backtest.ts'
import tableStyles from '../../components/table.module.css'
import { useFormat } from '../../lib/format.ts'
import styles from './backtest.module.css'

export const decisionMarks: Readonly<Record<Decision, string>> = {
  initial: '●',
  promoted: '▲',
  kept: '△',
  failed: '◇',
  'nothing-new': '·',
  cooldown: '·',
  budget: '·',
  quiet: '·',
}

export interface Cell {
  readonly policy: number
  readonly span: number
}

interface SpanGridProps {
  results: readonly ReplayResult[]
  spans: readonly Span[]
  metric: string
  selected: Cell | undefined
  onSelect: (cell: Cell) => void
}

/** Each span against each policy: the score, and what was decided before it. A cell opens its evidence. */
export function SpanGrid({ results, spans, metric, selected, onSelect }: SpanGridProps) {
  const { t } = useTranslation()
  const ends = (results[0]?.rows ?? []).map(({ span }) => span)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label={t('backtest.grid', { metric })}>
      <table className={tableStyles.table} aria-label={t('backtest.grid', { metric })}>
        <thead>
          <tr>
            <th scope="col">{t('backtest.policy')}</th>
            {ends.map((span) => (
              <th key={span} scope="col" data-numeric>
                {spans[span + 1]?.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {results.map(({ policy, rows }, index) => (
            <tr key={policy.name}>
              <th scope="row" className={styles.rowName}>
                {policy.name}
              </th>
              {rows.map((row) => (
                <td key={row.span} data-numeric>
                  <CellButton
                    row={row}
                    label={`${policy.name}, ${spans[row.span + 1]?.label ?? ''}`}
                    selected={selected?.policy === index && selected.span === row.span}
                    onClick={() => onSelect({ policy: index, span: row.span })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface CellButtonProps {
  row: ReplayRow
  label: string
  selected: boolean
  onClick: () => void
}

function CellButton({ row, label, selected, onClick }: CellButtonProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const score = row.score === null ? '–' : format.metric(row.score)
  const decision = t(`backtest.decision_${row.decision}`)
  return (
    <button
      type="button"
      className={styles.cell}
      aria-pressed={selected}
      aria-label={`${label}: ${score}, ${decision}`}
      title={decision}
      data-decision={row.decision}
      onClick={onClick}
    >
      <span aria-hidden="true">{decisionMarks[row.decision]}</span> {score}
    </button>
  )
}

/** What the marks mean. */
export function MarkLegend() {
  const { t } = useTranslation()
  const shown: readonly Decision[] = ['initial', 'promoted', 'kept', 'failed']
  return (
    <p className={styles.legend}>
      {shown.map((decision) => (
        <span key={decision}>
          {decisionMarks[decision]} {t(`backtest.decision_${decision}`)}
        </span>
      ))}
    </p>
  )
}
