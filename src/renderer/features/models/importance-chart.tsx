import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Importance } from '#shared/models.ts'
import { Chart } from '../../components/chart.tsx'
import { useFormat } from '../../lib/format.ts'
import { barsOption, rowsHeightPx } from './charts.ts'
import styles from './models.module.css'

/** Bars beyond these stand in the table. */
const shownBars = 20

/** How much the model leans on each input. */
export function ImportanceChart({ importance }: { importance: Importance }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { inputs, metric, rows, repeats } = importance
  const name = t('models.drop', { metric })
  const option = useMemo(() => {
    const bars = inputs.slice(0, shownBars).map((input) => ({ ...input, label: input.name }))
    return barsOption({ rows: bars, name, deviationName: t('models.deviation'), number: format.short })
  }, [inputs, name, t, format])
  return (
    <>
      <Chart
        title={name}
        label={t('models.importanceLabel', { metric })}
        option={option}
        heightPx={rowsHeightPx(Math.min(inputs.length, shownBars))}
        table={{
          columns: [t('models.input'), name, t('models.deviation')],
          rows: inputs.map((input) => [input.name, format.metric(input.mean), format.metric(input.deviation)]),
        }}
      />
      <p className={styles.words}>{t('models.importanceWords', { metric, repeats, rows: format.integer(rows) })}</p>
    </>
  )
}
