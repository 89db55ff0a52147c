import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { EndpointTraffic } from '#shared/traffic.ts'
import { Chart } from '../../components/chart.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useFormat } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import styles from '../models/models.module.css'
import { useTraffic } from './queries.ts'
import { latencyOption, requestsOption } from './traffic-charts.ts'

/** While nothing is asked, the charts still move on. */
const idleRefreshMs = 5_000
const chartHeightPx = 170

/** What was asked in the last 15 minutes, live. */
export function TrafficPanel({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  const traffic = useTraffic(endpoint)
  return (
    <Panel title={t('endpoints.traffic')}>
      <Loaded query={traffic}>
        {(data) =>
          data.points.length === 0 ? (
            <EmptyNote>{t('endpoints.noTraffic')}</EmptyNote>
          ) : (
            <TrafficCharts traffic={data} />
          )
        }
      </Loaded>
    </Panel>
  )
}

function TrafficCharts({ traffic: { points, at } }: { traffic: EndpointTraffic }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = Math.max(at, useNow(idleRefreshMs))
  const words = useMemo(
    () => ({
      requests: [t('endpoints.requests'), t('endpoints.errors')],
      latencies: [t('endpoints.p50'), t('endpoints.p95'), t('endpoints.p99')],
      latency: t('endpoints.latencyMs'),
      perSecond: t('endpoints.perSecond'),
    }),
    [t],
  )
  const shared = useMemo(() => ({ points, now, time: format.time, number: format.short }), [points, now, format])
  const requests = useMemo(
    () => requestsOption({ ...shared, names: words.requests, yName: words.perSecond }),
    [shared, words],
  )
  const latency = useMemo(
    () => latencyOption({ ...shared, names: words.latencies, yName: words.latency }),
    [shared, words],
  )
  const newestFirst = points.toReversed()
  const shown = (value: number | null) => (value === null ? '–' : format.short(value))
  return (
    <div className={styles.stack}>
      <Chart
        title={t('endpoints.requestsTitle')}
        label={t('endpoints.requestsLabel')}
        option={requests}
        heightPx={chartHeightPx}
        table={{
          columns: [t('endpoints.second'), ...words.requests],
          rows: newestFirst.map((point) => [format.time(point.at), String(point.requests), String(point.errors)]),
        }}
      />
      <Chart
        title={t('endpoints.latencyTitle')}
        label={t('endpoints.latencyLabel')}
        option={latency}
        heightPx={chartHeightPx}
        table={{
          columns: [t('endpoints.second'), ...words.latencies],
          rows: newestFirst.map(({ at: second, p50Ms, p95Ms, p99Ms }) => [
            format.time(second),
            ...[p50Ms, p95Ms, p99Ms].map(shown),
          ]),
        }}
      />
    </div>
  )
}
