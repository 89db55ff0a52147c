import { useTranslation } from 'react-i18next'
import type { DriftCell, DriftResult } from '#shared/drift.ts'
import { useFormat } from '../../lib/format.ts'
import { drawnOf, isOneOf, topShare } from './cells.ts'
import styles from './drift.module.css'
import { useDriftWords } from './use-drift-words.ts'

/** Both distributions of a column over one axis, as small as a card. */
export function DistributionPair({ feature, cells = [] }: Pick<DriftResult, 'feature' | 'cells'>) {
  const { t } = useTranslation()
  const drawn = drawnOf(cells)
  switch (drawn.kind) {
    case 'nothing':
      return null
    case 'values':
      return (
        <>
          <Values feature={feature} values={drawn.values} />
          {drawn.more > 0 && <p className={styles.more}>{t('drift.moreValues', { count: drawn.more })}</p>}
        </>
      )
    case 'ranges':
      return (
        <>
          <Ranges feature={feature} ranges={drawn.ranges} />
          {drawn.apart.length > 0 && <Values feature={feature} values={drawn.apart} />}
        </>
      )
    default:
      return drawn satisfies never
  }
}

/** The two colours, said once for all cards. */
export function PairLegend() {
  const { t } = useTranslation()
  return (
    <p className={styles.legend}>
      <span data-side="current">{t('drift.now')}</span>
      <span data-side="reference">{t('drift.before')}</span>
    </p>
  )
}

const width = 280
const height = 124
const plot = { left: 40, right: 6, top: 14, bottom: 30 }
const gap = 1

/** A bar for each range: what was before as a ground, what is now as a narrower bar in front of it. */
function Ranges({ feature, ranges }: { feature: string; ranges: readonly DriftCell[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const top = topShare(ranges)
  const floor = height - plot.bottom
  const step = (width - plot.left - plot.right) / ranges.length
  const y = (share: number) => floor - (share / top) * (floor - plot.top)
  const bar = (share: number, index: number, inset: number, side: string) => (
    <rect
      data-side={side}
      x={plot.left + index * step + inset}
      width={Math.max(step - 2 * inset, 1)}
      y={y(share)}
      height={floor - y(share)}
    />
  )
  const middle = plot.left + (width - plot.left - plot.right) / 2
  return (
    <svg
      className={styles.picture}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t('drift.sharesOf', { feature })}
    >
      <path className={styles.axis} d={`M${plot.left} ${plot.top}V${floor}H${width - plot.right}`} />
      {ranges.map((cell, index) => (
        <g key={`${cell.from} ${cell.to}`}>
          <title>{`${words.cell(cell)}: ${format.share(cell.current)} · ${format.share(cell.reference)}`}</title>
          {bar(cell.reference, index, gap / 2, 'reference')}
          {bar(cell.current, index, step / 3.4, 'current')}
        </g>
      ))}
      <text x={plot.left} y={plot.top - 4} textAnchor="start">
        {t('drift.shareAxis')}
      </text>
      <text x={plot.left - 4} y={plot.top + 6} textAnchor="end">
        {format.share(top)}
      </text>
      <text x={plot.left - 4} y={floor} textAnchor="end">
        {format.percent(0)}
      </text>
      <text x={plot.left} y={floor + 12}>
        {format.short(ranges[0]?.from ?? 0)}
      </text>
      <text x={width - plot.right} y={floor + 12} textAnchor="end">
        {format.short(ranges.at(-1)?.to ?? 0)}
      </text>
      <text x={middle} y={height - 4} textAnchor="middle">
        {t('drift.valueOf', { feature })}
      </text>
    </svg>
  )
}

function Values({ feature, values }: { feature: string; values: readonly DriftCell[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const top = topShare(values.filter(isOneOf))
  return (
    <ul className={styles.values} aria-label={t('drift.sharesOf', { feature })}>
      {values.map((cell) => (
        <li key={`${cell.kind} ${cell.value ?? cell.from ?? ''}`}>
          <span className={styles.valueName} title={words.cell(cell)}>
            {words.cell(cell)}
          </span>
          <span className={styles.bars} aria-hidden="true">
            {isOneOf(cell) && (
              <>
                <span data-side="current" style={{ width: `${(100 * cell.current) / top}%` }} />
                <span data-side="reference" style={{ width: `${(100 * cell.reference) / top}%` }} />
              </>
            )}
          </span>
          <span className={styles.valueShares}>
            <span title={t('drift.shareNow')}>{format.share(cell.current)}</span>
            <span className="muted" title={t('drift.shareBefore')}>
              {format.share(cell.reference)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}
