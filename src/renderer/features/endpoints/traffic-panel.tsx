import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../../components/chart.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useFormat } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import styles from '../models/models.module.css'
import { useTraffic, useTrafficHistory } from './queries.ts'
import { liveSteps, type PastSpan, pastSpans, pastSteps, type Steps, spanOf, type TimedFigures } from './traffic.ts'
import { latencyOption, requestsOption } from './traffic-charts.ts'

/** While nothing is asked, the charts still move on. */
const idleRefreshMs = 5_000
const chartHeightPx = 170
const hourMs = 3_600_000

/** What was asked: of the last 15 minutes live, of longer spans as it is kept. */
export function TrafficPanel({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  const [asked, ask] = useSearchParam('traffic')
  const span = spanOf(asked)
  const choice = (
    <SegmentedControl
      size="xs"
      aria-label={t('endpoints.trafficSpan')}
      value={span ?? 'live'}
      onChange={(value) => ask(spanOf(value))}
      data={(['live', ...pastSpans] as const).map((value) => ({ value, label: t(`endpoints.span_${value}`) }))}
    />
  )
  return (
    <Panel title={t('endpoints.traffic')} actions={choice}>
      {span === undefined ? <LiveTraffic endpoint={endpoint} /> : <PastTraffic endpoint={endpoint} span={span} />}
    </Panel>
  )
}

function LiveTraffic({ endpoint }: { endpoint: string }) {
  const traffic = useTraffic(endpoint)
  const now = useNow(idleRefreshMs)
  const at = Math.max(traffic.data?.at ?? 0, now)
  const steps = useMemo(() => liveSteps(at), [at])
  return <Loaded query={traffic}>{({ points }) => <TrafficCharts points={points} steps={steps} span="live" />}</Loaded>
}

function PastTraffic({ endpoint, span }: { endpoint: string; span: PastSpan }) {
  const history = useTrafficHistory(endpoint, span)
  const steps = useMemo(() => history.data && pastSteps(history.data), [history.data])
  return (
    <Loaded query={history}>
      {({ points }) => steps && <TrafficCharts points={points} steps={steps} span={span} />}
    </Loaded>
  )
}

interface TrafficChartsProps {
  points: readonly TimedFigures[]
  steps: Steps
  span: PastSpan | 'live'
}

function TrafficCharts({ points, steps, span }: TrafficChartsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useMemo(
    () => ({
      requests: [t('endpoints.requests'), t('endpoints.errors')],
      latencies: [t('endpoints.p50'), t('endpoints.p95'), t('endpoints.p99')],
      latency: t('endpoints.latencyMs'),
      perSecond: t('endpoints.perSecond'),
    }),
    [t],
  )
  const shared = useMemo(() => {
    const time = steps.stepMs < hourMs ? format.time : format.day
    return { points, steps, time, number: format.short }
  }, [points, steps, format])
  const requests = useMemo(
    () => requestsOption({ ...shared, names: words.requests, yName: words.perSecond }),
    [shared, words],
  )
  const latency = useMemo(
    () => latencyOption({ ...shared, names: words.latencies, yName: words.latency }),
    [shared, words],
  )
  if (points.length === 0) return <EmptyNote>{t(`endpoints.noTraffic_${span}`)}</EmptyNote>
  const newestFirst = points.toReversed()
  const shown = (value: number | null) => (value === null ? '–' : format.short(value))
  const [first, when] =
    span === 'live' ? [t('endpoints.second'), format.time] : [t('endpoints.stepFrom'), format.dateTime]
  const step = format.duration(steps.stepMs)
  return (
    <div className={styles.stack}>
      <Chart
        title={t('endpoints.requestsTitle')}
        label={t('endpoints.requestsLabel', { step })}
        option={requests}
        heightPx={chartHeightPx}
        table={{
          columns: [first, ...words.requests],
          rows: newestFirst.map((point) => [when(point.at), String(point.requests), String(point.errors)]),
        }}
      />
      <Chart
        title={t('endpoints.latencyTitle')}
        label={t('endpoints.latencyLabel', { step })}
        option={latency}
        heightPx={chartHeightPx}
        table={{
          columns: [first, ...words.latencies],
          rows: newestFirst.map(({ at, p50Ms, p95Ms, p99Ms }) => [when(at), ...[p50Ms, p95Ms, p99Ms].map(shown)]),
        }}
      />
    </div>
  )
}
