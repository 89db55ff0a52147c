import { useTranslation } from 'react-i18next'
import type { MonitorCheck, MonitorState } from '#shared/monitors.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import { HistoryChart } from './history-chart.tsx'
import styles from './monitoring.module.css'
import { PartsView } from './parts-view.tsx'
import { useReadingHistory } from './queries.ts'

interface CheckViewProps {
  monitor: MonitorState
  check: MonitorCheck
}

/** How a check went over time, why its newest reading is what it is, and what that rests on. */
export function CheckView({ monitor, check }: CheckViewProps) {
  const { t } = useTranslation()
  const words = useWords(readingWords)
  const history = useReadingHistory(monitor, check.name)
  const other = otherSide(monitor, check)
  const otherHistory = useReadingHistory(monitor, other?.name)
  const reading = monitor.latest.find((each) => each.check === check.name)?.reading ?? null
  return (
    <Panel title={t('monitoring.historyOf', { check: check.name })}>
      <Loaded query={history}>
        {(shown) =>
          shown.points.length === 0 ? (
            <EmptyNote>{t('monitoring.noReadings')}</EmptyNote>
          ) : (
            <div className={styles.stack}>
              {reading !== null && <p className={styles.reason}>{words.reason(reading)}</p>}
              <HistoryChart history={shown} beside={otherHistory.data} reading={reading} />
              {reading !== null && reading.parts.length > 0 && <PartsView reading={reading} history={shown} />}
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}

/** The estimate beside the real value of the same metric, and the other way round. */
function otherSide({ checks }: MonitorState, { spec }: MonitorCheck): MonitorCheck | undefined {
  if (spec.kind !== 'performance' && spec.kind !== 'estimated-performance') return undefined
  const kind = spec.kind === 'performance' ? 'estimated-performance' : 'performance'
  return checks.find(({ spec: each }) => each.kind === kind && each.metric === spec.metric)
}
