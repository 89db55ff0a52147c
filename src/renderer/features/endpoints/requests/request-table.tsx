import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RequestSummary } from '#shared/requests.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { Pill } from '../../../components/pill.tsx'
import { Moment } from '../../../components/time.tsx'
import { type VirtualColumn, VirtualTable } from '../../../components/virtual-table.tsx'
import { type Format, useFormat } from '../../../lib/format.ts'
import { latencyText } from '../latency-text.ts'
import type { RequestsFilter } from './filter.ts'
import { useRequests } from './queries.ts'
import styles from './requests.module.css'

interface RequestTableProps {
  endpoint: string
  filter: RequestsFilter
  opened: string | undefined
  onOpen: (key: string) => void
}

/** Rows before the last known one at which the next page is fetched. */
const aheadRows = 50

export function RequestTable({ endpoint, filter, opened, onOpen }: RequestTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { pages, rows } = useRequests(endpoint, filter)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const columns = useMemo(() => columnsOf(t, format, onOpen), [t, format, onOpen])
  const isFiltered = filter.show !== 'all' || filter.id !== '' || filter.hours !== undefined
  return (
    <Loaded query={pages}>
      {() => (
        <section className={styles.panel} aria-label={t('requests.title')}>
          <div className={styles.count}>
            <span aria-live="polite">
              {t(hasNextPage ? 'requests.countMore' : 'requests.count', { count: rows.length })}
            </span>
            <div className={styles.actions}>
              <Button
                component={Link}
                href={`/endpoints/${encodeURIComponent(endpoint)}/sql`}
                variant="default"
                size="compact-sm"
              >
                {t('requests.sql')}
              </Button>
              <Button variant="default" size="compact-sm" loading={pages.isRefetching} onClick={() => pages.refetch()}>
                {t('requests.refresh')}
              </Button>
            </div>
          </div>
          {rows.length === 0 ? (
            <EmptyNote>{t(isFiltered ? 'requests.noMatch' : 'requests.empty')}</EmptyNote>
          ) : (
            <div className={styles.table}>
              <VirtualTable
                label={t('requests.title')}
                columns={columns}
                count={rows.length + (hasNextPage ? 1 : 0)}
                rowAt={(index) => rows[index]}
                rowKey={keyOfRow}
                selected={(row) => openKey(row) === opened}
                onRowClick={(row) => onOpen(openKey(row))}
                onRange={(_, to) => {
                  if (hasNextPage && !isFetchingNextPage && to >= rows.length - aheadRows) void fetchNextPage()
                }}
              />
            </div>
          )}
        </section>
      )}
    </Loaded>
  )
}

/** A row is answered by one revision, and by another in its shadow. */
function keyOfRow({ id, row, revision, role, error, at }: RequestSummary): string {
  return [id, row, revision, role, error, at].join(' ')
}

function openKey({ id, row }: RequestSummary): string {
  return `${row}:${id}`
}

function columnsOf(t: TFunction, format: Format, onOpen: (key: string) => void): VirtualColumn<RequestSummary>[] {
  return [
    { key: 'at', label: t('requests.at'), widthPx: 130, cell: ({ at }) => <Moment at={at} /> },
    {
      key: 'id',
      label: t('requests.request'),
      widthPx: 220,
      cell: (row) => (
        <button
          type="button"
          className={styles.open}
          title={row.id}
          onClick={(event) => {
            event.stopPropagation()
            onOpen(openKey(row))
          }}
        >
          {row.row === 0 ? row.id : t('requests.rowOf', { id: row.id, row: row.row })}
        </button>
      ),
    },
    { key: 'answer', label: t('requests.answer'), widthPx: 170, cell: (row) => <Answer row={row} /> },
    {
      key: 'probability',
      label: t('requests.probability'),
      numeric: true,
      widthPx: 110,
      cell: ({ probability }) => (probability === null ? '' : format.share(probability)),
    },
    { key: 'label', label: t('requests.label'), widthPx: 140, cell: (row) => <Label row={row} /> },
    {
      key: 'revision',
      label: t('requests.revision'),
      numeric: true,
      widthPx: 90,
      cell: ({ revision }) => (revision === 0 ? '' : format.integer(revision)),
    },
    {
      key: 'latency',
      label: t('requests.latency'),
      numeric: true,
      widthPx: 100,
      cell: ({ latencyMs }) => latencyText(latencyMs, format.short),
    },
  ]
}

function Answer({ row: { error, prediction, role } }: { row: RequestSummary }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (error !== null) return <span className={styles.error}>{error}</span>
  return (
    <>
      {typeof prediction === 'number' ? format.metric(prediction) : prediction}{' '}
      {role === 'shadow' && <Pill>{t('requests.shadow')}</Pill>}
    </>
  )
}

function Label({ row: { label, correct } }: { row: RequestSummary }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (label === null) return <span className="muted">–</span>
  const shown = typeof label === 'number' ? format.metric(label) : label
  if (correct === null) return shown
  return (
    <span className={correct ? undefined : styles.error}>
      {shown} {t(correct ? 'requests.right' : 'requests.wrong')}
    </span>
  )
}
