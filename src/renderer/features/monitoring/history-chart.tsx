import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reading, ReadingHistory } from '#shared/monitors.ts'
import { Chart } from '../../components/chart.tsx'
import { useFormat } from '../../lib/format.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import { historyOption } from './history-option.ts'

interface HistoryChartProps {
  history: ReadingHistory
  /** Of the same metric: what was estimated, or what was found once labels had come. */
  beside: ReadingHistory | undefined
  /** The newest one; says what the limits are now. */
  reading: Reading | null
}

const heightPx = 240
const noLimits = { warning: null, critical: null }

/** The readings of a check over time, with their intervals, the limits, and the versions that were judged. */
export function HistoryChart({ history, beside, reading }: HistoryChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(readingWords)
  const { unit } = history
  const metric = reading?.metric
  const shown = useMemo(() => [history, ...(beside === undefined ? [] : [beside])], [history, beside])
  const option = useMemo(
    () =>
      historyOption({
        series: shown.map(({ check, points, estimate }) => ({
          name: estimate ? t('monitoring.estimateOf', { check }) : check,
          points,
          estimate,
        })),
        limits: reading?.limits ?? noLimits,
        yName: words.axis(unit, metric),
        versionName: (version) => t('monitoring.versionMark', { version }),
        limitName: { warning: t('status.warning'), critical: t('status.critical') },
        time: format.dateTime,
        number: (value) => words.value(value, unit),
      }),
    [shown, reading?.limits, words, unit, metric, t, format],
  )
  const rows = shown.flatMap(({ check, points }) =>
    points
      .toReversed()
      .map((point) => [
        check,
        format.dateTime(point.to),
        words.value(point.value, unit),
        words.interval({ unit, ...(point.interval !== undefined && { interval: point.interval }) }),
        format.integer(point.rows),
        point.version === null ? '–' : String(point.version),
        t(`status.${point.status}`),
      ]),
  )
  return (
    <Chart
      title={words.axis(unit, metric)}
      label={t('monitoring.historyLabel', { check: history.check, unit: words.axis(unit, metric) })}
      option={option}
      heightPx={heightPx}
      table={{
        columns: [
          t('monitoring.check'),
          t('monitoring.until'),
          t('monitoring.value'),
          t('monitoring.interval'),
          t('monitoring.rows'),
          t('common.version'),
          t('common.status'),
        ],
        rows,
      }}
    />
  )
}
