import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { mainMetric } from '#shared/metrics.ts'
import type { ModelVersion } from '#shared/models.ts'
import { Chart } from '../../components/chart.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { useFormat } from '../../lib/format.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { versionsOption } from './charts.ts'
import { metricSeries } from './compare.ts'

/** How a metric went from version to version. */
export function MetricOverVersions({ versions }: { versions: readonly ModelVersion[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [chosen, setChosen] = useSearchParam('metric')
  const names = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))]
  const task = versions[0]?.signature.task
  const metric = chosen ?? (task === undefined ? '' : mainMetric[task])
  const points = useMemo(() => metricSeries(versions, metric), [versions, metric])
  const option = useMemo(
    () => versionsOption({ points, metric, versionName: t('common.version'), number: format.metric }),
    [points, metric, t, format],
  )
  if (points.length === 0) return <EmptyNote>{t('models.noMetric')}</EmptyNote>
  return (
    <Chart
      title={metric}
      label={t('models.metricOverVersions', { metric })}
      option={option}
      table={{
        columns: [t('common.version'), metric],
        rows: points.map(({ version, value }) => [String(version), format.metric(value)]),
      }}
      actions={
        <Select
          size="xs"
          w={130}
          aria-label={t('models.metric')}
          data={names}
          value={metric}
          allowDeselect={false}
          onChange={(value) => setChosen(value ?? undefined)}
        />
      }
    />
  )
}
