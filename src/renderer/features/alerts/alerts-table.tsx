import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/alerts.ts'
import { Duration, Moment } from '../../components/time.tsx'
import { type VirtualColumn, VirtualTable } from '../../components/virtual-table.tsx'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './alerts.module.css'
import { alertPath } from './queries.ts'
import { SeverityMark } from './severity-mark.tsx'

interface AlertsTableProps {
  alerts: readonly Alert[]
  /** Whether there are older ones than these. */
  more: boolean
  /** Called when the last ones come into view. */
  onMore: () => void
}

/** Rows before the last known one at which the next page is fetched. */
const aheadRows = 30
const rowHeightPx = 34
const headHeightPx = 31

/** As high as its rows, up to the height of the window. */
export function AlertsTable({ alerts, more, onMore }: AlertsTableProps) {
  const { t } = useTranslation()
  const columns = useMemo(() => columnsOf(t), [t])
  const count = alerts.length + (more ? 1 : 0)
  return (
    <div className={styles.list} style={{ height: headHeightPx + count * rowHeightPx }}>
      <VirtualTable
        label={t('alerts.title')}
        columns={columns}
        count={count}
        rowAt={(index) => alerts[index]}
        rowKey={({ id }) => id}
        rowHeightPx={rowHeightPx}
        onRange={(_, to) => {
          if (more && to >= alerts.length - aheadRows) onMore()
        }}
      />
    </div>
  )
}

function columnsOf(t: TFunction): VirtualColumn<Alert>[] {
  return [
    {
      key: 'severity',
      label: t('alerts.severityLabel'),
      widthPx: 115,
      cell: (alert) => <SeverityMark alert={alert} />,
    },
    {
      key: 'check',
      label: t('alerts.check'),
      widthPx: 200,
      cell: (alert) => (
        <Link href={alertPath(alert)} title={`${alert.monitor} · ${alert.check}`}>
          {alert.monitor} <span className="muted">·</span> {alert.check}
        </Link>
      ),
    },
    {
      key: 'reason',
      label: t('alerts.found'),
      widthPx: 260,
      cell: (alert) => <Found alert={alert} />,
    },
    {
      key: 'endpoint',
      label: t('palette.endpoint'),
      widthPx: 115,
      cell: ({ endpoint }) => <Link href={`/endpoints/${encodeURIComponent(endpoint)}`}>{endpoint}</Link>,
    },
    { key: 'raised', label: t('alerts.raised'), widthPx: 110, cell: ({ raisedAt }) => <Moment at={raisedAt} /> },
    {
      key: 'lasts',
      label: t('alerts.lasts'),
      numeric: true,
      widthPx: 110,
      cell: ({ raisedAt, clearedAt }) => <Duration startedAt={raisedAt} finishedAt={clearedAt} />,
    },
    { key: 'seen', label: t('alerts.seenTo'), widthPx: 140, cell: (alert) => <SeenTo alert={alert} /> },
  ]
}

function Found({ alert: { reading } }: { alert: Alert }) {
  const text = useWords(readingWords).reason(reading)
  return <span title={text}>{text}</span>
}

function SeenTo({ alert: { acknowledged, deliveries } }: { alert: Alert }) {
  const { t } = useTranslation()
  return (
    <>
      {acknowledged === null ? <span className="muted">–</span> : t('alerts.by', { name: acknowledged.by })}
      {deliveries.failed > 0 && (
        <span className="muted"> · {t('alerts.notDelivered', { count: deliveries.failed })}</span>
      )}
    </>
  )
}
