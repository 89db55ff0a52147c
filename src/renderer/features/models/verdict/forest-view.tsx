import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '#shared/gate.ts'
import { Chart } from '../../../components/chart.tsx'
import { useFormat } from '../../../lib/format.ts'
import styles from '../models.module.css'
import { forestHeightPx, forestOption } from './forest.ts'

/** How much better the candidate is than each other answer, and how sure that is. */
export function ForestView({ comparisons }: { comparisons: readonly Comparison[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = useComparisonName()
  const [first] = comparisons
  const metric = first?.metric ?? ''
  const rows = useMemo(
    () =>
      comparisons.flatMap((comparison) =>
        comparison.improvement === null
          ? []
          : [
              {
                label: nameOf(comparison),
                improvement: comparison.improvement,
                low: comparison.interval?.low ?? null,
                high: comparison.interval?.high ?? null,
                asked: comparison.minImprovement,
                passed: comparison.passed,
              },
            ],
      ),
    [comparisons, nameOf],
  )
  const option = useMemo(
    () =>
      forestOption({
        rows,
        askedName: t('gate.asked'),
        name: t('gate.improvement', { metric }),
        intervalName: t('gate.interval'),
        number: format.short,
      }),
    [rows, metric, t, format],
  )
  if (rows.length === 0) return null
  return (
    <div className={styles.padded}>
      <Chart
        title={t('gate.forest', { metric })}
        label={t('gate.forestLabel', { metric })}
        option={option}
        heightPx={forestHeightPx(rows.length)}
        table={{
          columns: [
            t('gate.with'),
            t('gate.candidate'),
            t('gate.other'),
            t('gate.improvement', { metric }),
            t('gate.interval'),
            t('gate.asked'),
            t('gate.rowsColumn'),
          ],
          rows: comparisons.map((comparison) => tableRow(comparison, nameOf, format.metric, format.integer)),
        }}
      />
      <ForestWords comparison={comparisons.find(({ interval }) => interval !== null)} />
    </div>
  )
}

function tableRow(
  comparison: Comparison,
  nameOf: (comparison: Comparison) => string,
  metric: (value: number) => string,
  integer: (value: number) => string,
): string[] {
  const { candidate, other, improvement, interval, minImprovement, rows } = comparison
  const shown = (value: number | null) => (value === null ? '–' : metric(value))
  const range = interval === null ? '–' : `${metric(interval.low)} … ${metric(interval.high)}`
  return [
    nameOf(comparison),
    shown(candidate),
    shown(other),
    shown(improvement),
    range,
    shown(minImprovement),
    integer(rows),
  ]
}

function ForestWords({ comparison }: { comparison: Comparison | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (comparison === undefined || comparison.interval === null) return null
  const { confidence, resamples } = comparison.interval
  return (
    <p className={styles.words}>
      {t('gate.forestWords', {
        resamples: format.integer(resamples),
        confidence: format.percent(confidence),
        rule: t(comparison.require === 'interval' ? 'gate.requireInterval' : 'gate.requirePoint'),
      })}
    </p>
  )
}

/** What the candidate was compared with, as people say it. */
function useComparisonName(): (comparison: Comparison) => string {
  const { t } = useTranslation()
  return useMemo(
    () => (comparison: Comparison) => {
      const { name, version, span } = comparison
      const plain =
        version !== null
          ? t('gate.champion', { name, version })
          : comparison.with === 'rule'
            ? t('gate.rule', { sql: name })
            : name === 'dummy'
              ? t('gate.dummy')
              : name
      return span === null ? plain : t('gate.onSpan', { name: plain, span })
    },
    [t],
  )
}
