import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Endpoint } from '#shared/models.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useEndpoints } from '../../lib/queries.ts'
import { LiveP99, LiveRate } from './live-figures.tsx'

/** What answers now, in a panel of the overview. */
export function ServingList() {
  const { t } = useTranslation()
  const endpoints = useEndpoints()
  return (
    <Loaded query={endpoints}>
      {(list) =>
        list.length === 0 ? <EmptyNote>{t('overview.noServing')}</EmptyNote> : <EndpointsTable endpoints={list} />
      }
    </Loaded>
  )
}

interface EndpointsTableProps {
  endpoints: readonly Endpoint[]
  /** With what is asked of them now. */
  live?: boolean
}

export function EndpointsTable({ endpoints, live = false }: EndpointsTableProps) {
  const { t } = useTranslation()
  const columns: Column<Endpoint>[] = [
    {
      key: 'name',
      label: t('common.name'),
      cell: ({ name }) => <Link href={`/endpoints/${encodeURIComponent(name)}`}>{name}</Link>,
    },
    { key: 'state', label: t('common.status'), cell: ({ state }) => <StatusMark status={state} /> },
    { key: 'serves', label: t('endpoints.serves'), cell: (endpoint) => <Serves endpoint={endpoint} /> },
    {
      key: 'since',
      label: t('endpoints.since'),
      cell: ({ revision }) => (revision === null ? '–' : <Moment at={revision.createdAt} />),
    },
  ]
  if (live) {
    columns.push(
      {
        key: 'rate',
        label: t('endpoints.requestsPerSecond'),
        numeric: true,
        cell: ({ name }) => <LiveRate endpoint={name} />,
      },
      { key: 'p99', label: t('endpoints.p99Now'), numeric: true, cell: ({ name }) => <LiveP99 endpoint={name} /> },
    )
  }
  return <Table label={t('endpoints.title')} columns={columns} rows={endpoints} rowKey={({ name }) => name} />
}

/** The model version behind an endpoint. */
export function Serves({ endpoint: { revision } }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  if (revision === null) return <span className="muted">{t('endpoints.nothing')}</span>
  return (
    <Link href={`/models/${encodeURIComponent(revision.model)}/${revision.version}`}>
      {revision.model} {revision.version}
    </Link>
  )
}
