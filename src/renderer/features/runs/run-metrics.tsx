import { useTranslation } from 'react-i18next'
import type { Run } from '#shared/runs.ts'
import { LineChart } from '../../components/line-chart.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { MetricTiles } from '../../components/metric-list.tsx'
import { useRunMetrics } from './queries.ts'
import styles from './run-metrics.module.css'
import { toSeries } from './series.ts'

/** What the run measured: its final metrics, and every series as a curve with its numbers behind it. */
export function RunMetrics({ run }: { run: Run }) {
  const { t } = useTranslation()
  const metrics = useRunMetrics(run.id)
  return (
    <Loaded query={metrics}>
      {(points) => {
        const curves = toSeries(points).filter((series) => series.points.length > 1)
        const nothing = Object.keys(run.metrics).length === 0 && curves.length === 0
        if (nothing) return <span className="muted">{t('run.noMetrics')}</span>
        return (
          <>
            {Object.keys(run.metrics).length > 0 && (
              <section className={styles.section} aria-label={t('run.finalMetrics')}>
                <h2 className={styles.title}>{t('run.finalMetrics')}</h2>
                <MetricTiles metrics={run.metrics} />
              </section>
            )}
            {curves.length > 0 && (
              <section className={styles.section} aria-label={t('run.curves')}>
                <h2 className={styles.title}>{t('run.curves')}</h2>
                <div className={styles.charts}>
                  {curves.map((series) => (
                    <LineChart
                      key={`${series.step} ${series.name}`}
                      title={series.name}
                      label={t('run.curveOf', { name: series.name, step: series.step })}
                      points={series.points}
                      xLabel={t('run.point')}
                      yLabel={t('run.value')}
                    />
                  ))}
                </div>
              </section>
            )}
          </>
        )
      }}
    </Loaded>
  )
}
