import { Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mainMetric } from '#shared/metrics.ts'
import type { Evaluation } from '#shared/models.ts'
import { Chart } from '../../components/chart.tsx'
import { useFormat } from '../../lib/format.ts'
import { dotsOption, rowsHeightPx } from './charts.ts'
import { type SliceOrder, sliceRows } from './evaluation.ts'
import styles from './models.module.css'
import { SlicesTable } from './slices-table.tsx'

/** Dots beyond these stand in the table. */
const shownDots = 20

/** The score by the values of a column: as dots around the overall value, and as a table to sort. */
export function SlicesView({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { slices, metrics, task } = evaluation
  const [metric, setMetric] = useState<string>(mainMetric[task])
  const [order, setOrder] = useState<SliceOrder>('rows')
  const [descending, setDescending] = useState(true)
  const rows = useMemo(
    () => sliceRows(slices, metrics, metric, order, descending),
    [slices, metrics, metric, order, descending],
  )
  const overall = metrics[metric] ?? Number.NaN
  const dots = useMemo(
    () =>
      rows.flatMap(({ column, value, metric: score }) =>
        score === undefined ? [] : [{ label: `${column} = ${value}`, value: score }],
      ),
    [rows],
  )
  const option = useMemo(
    () =>
      dotsOption({
        rows: dots.slice(0, shownDots),
        overall,
        overallName: t('models.overall'),
        metric,
        number: format.short,
      }),
    [dots, overall, metric, t, format],
  )
  function sortBy(next: SliceOrder) {
    setDescending(next === order ? !descending : next !== 'column')
    setOrder(next)
  }
  return (
    <div className={styles.columns}>
      <SlicesTable rows={rows} metric={metric} order={order} descending={descending} onSort={sortBy} />
      <Chart
        title={t('models.slicesOf', { metric })}
        label={t('models.slicesLabel', { metric })}
        option={option}
        heightPx={rowsHeightPx(Math.min(dots.length, shownDots))}
        table={{
          columns: [t('models.slice'), metric],
          rows: dots.map(({ label, value }) => [label, format.metric(value)]),
        }}
        actions={
          <Select
            size="xs"
            w={130}
            aria-label={t('models.metric')}
            data={Object.keys(metrics)}
            value={metric}
            allowDeselect={false}
            onChange={(value) => value !== null && setMetric(value)}
          />
        }
      />
    </div>
  )
}
