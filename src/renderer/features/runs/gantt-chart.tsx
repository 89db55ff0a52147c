import { useTranslation } from 'react-i18next'
import type { Run } from '#shared/runs.ts'
import { StatusMark, toneClass } from '../../components/status.tsx'
import { isEnded } from '../../lib/cache-updates.ts'
import { useFormat } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { type GanttRow, ganttOf, type Stretch, ticksOf } from './gantt.ts'
import styles from './gantt-chart.module.css'

const mostTicks = 5

interface GanttChartProps {
  run: Run
  selected: string | undefined
  onSelect: (step: string | undefined) => void
}

/** When each step waited and ran, as a table whose widest column is the axis of time. */
export function GanttChart({ run, selected, onSelect }: GanttChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(1_000, !isEnded(run.status))
  const { rows, spanMs } = ganttOf(run, now)
  const ticks = ticksOf(spanMs, mostTicks)
  return (
    <>
      <div className={styles.scroller}>
        <table className={styles.table} aria-label={t('run.timeline')}>
          <thead>
            <tr>
              <th scope="col">{t('run.step')}</th>
              <th scope="col" className={styles.axis}>
                <span className={styles.ticks}>
                  {ticks.map((tick) => (
                    <span key={tick} style={{ left: `${(100 * tick) / spanMs}%` }}>
                      {format.duration(tick)}
                    </span>
                  ))}
                </span>
              </th>
              <th scope="col" data-numeric>
                {t('run.waited')}
              </th>
              <th scope="col" data-numeric>
                {t('common.duration')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BarRow
                key={row.step.name}
                row={row}
                ticks={ticks.map((tick) => tick / spanMs)}
                now={now}
                selected={row.step.name === selected}
                onSelect={() => onSelect(row.step.name === selected ? undefined : row.step.name)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Legend critical={rows.some(({ critical }) => critical)} />
    </>
  )
}

interface BarRowProps {
  row: GanttRow
  ticks: readonly number[]
  now: number
  selected: boolean
  onSelect: () => void
}

function BarRow({ row, ticks, now, selected, onSelect }: BarRowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { step, critical, waiting, running, waitedMs } = row
  return (
    <tr data-selected={selected || undefined}>
      <th scope="row">
        <button type="button" className={styles.step} aria-pressed={selected} onClick={onSelect}>
          {step.name}
        </button>
        {step.cached && <span className={styles.cached}>{t('run.cached')}</span>}
        {critical && <span className={styles.critical}>{t('run.critical')}</span>}
      </th>
      <td className={styles.axis}>
        <span className={`${styles.track} ${toneClass(step.status)}`} aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} className={styles.grid} style={{ left: `${100 * tick}%` }} />
          ))}
          {waiting !== undefined && <span className={styles.waiting} style={place(waiting)} />}
          {running !== undefined && (
            <span
              className={styles.running}
              data-critical={critical || undefined}
              data-cached={step.cached || undefined}
              style={place(running)}
            />
          )}
        </span>
        {running === undefined && <StatusMark status={step.status} />}
      </td>
      <td data-numeric>{waitedMs > 0 ? format.duration(waitedMs) : '–'}</td>
      <td data-numeric>{step.startedAt === null ? '–' : format.duration((step.finishedAt ?? now) - step.startedAt)}</td>
    </tr>
  )
}

const place = ({ start, length }: Stretch) => ({ left: `${100 * start}%`, width: `${100 * length}%` })

function Legend({ critical }: { critical: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={styles.legend}>
      <span>
        <i className={styles.waiting} aria-hidden="true" /> {t('run.legendWaiting')}
      </span>
      <span>
        <i className={`${styles.running} ${toneClass('succeeded')}`} aria-hidden="true" /> {t('run.legendRunning')}
      </span>
      {critical && (
        <span>
          <i className={`${styles.running} ${toneClass('succeeded')}`} data-critical aria-hidden="true" />{' '}
          {t('run.legendCritical')}
        </span>
      )}
    </div>
  )
}
