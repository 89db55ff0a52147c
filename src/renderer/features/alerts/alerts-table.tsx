import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/alerts.ts'
import { type Column, Table } from '../../components/table.tsx'
import { Duration, Moment } from '../../components/time.tsx'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import { alertPath } from './queries.ts'
import { SeverityMark } from './severity-mark.tsx'

export function AlertsTable({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useTranslation()
  const words = useWords(readingWords)
  const columns: Column<Alert>[] = [
    { key: 'severity', label: t('alerts.severityLabel'), cell: (alert) => <SeverityMark alert={alert} /> },
    {
      key: 'check',
      label: t('alerts.check'),
      cell: (alert) => (
        <Link href={alertPath(alert)}>
          {alert.monitor} <span className="muted">·</span> {alert.check}
        </Link>
      ),
    },
    { key: 'reason', label: t('alerts.found'), wraps: true, cell: ({ reading }) => words.reason(reading) },
    {
      key: 'endpoint',
      label: t('palette.endpoint'),
      cell: ({ endpoint }) => <Link href={`/endpoints/${encodeURIComponent(endpoint)}`}>{endpoint}</Link>,
    },
    { key: 'raised', label: t('alerts.raised'), cell: ({ raisedAt }) => <Moment at={raisedAt} /> },
    {
      key: 'lasts',
      label: t('alerts.lasts'),
      numeric: true,
      cell: ({ raisedAt, clearedAt }) => <Duration startedAt={raisedAt} finishedAt={clearedAt} />,
    },
    { key: 'seen', label: t('alerts.seenTo'), cell: (alert) => <SeenTo alert={alert} /> },
  ]
  return <Table label={t('alerts.title')} columns={columns} rows={alerts} rowKey={({ id }) => id} />
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
