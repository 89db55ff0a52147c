import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OnlineView } from '#shared/online.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { showToast } from '../../components/toast.tsx'
import { call, problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { queryKeys } from '../../lib/query-keys.ts'

interface OnlinePanelProps {
  projectId: string
  view: string
  /** Of the view as its file is now. */
  version: string | undefined
}

/** What of a view is served: entities, watermark, when it was last brought up to date, how much has gone stale. */
export function OnlinePanel({ projectId, view, version }: OnlinePanelProps) {
  const { t } = useTranslation()
  const params = { id: projectId, name: view }
  const queryKey = queryKeys.onlineViews(projectId, view)
  const versions = useQuery({ queryKey, queryFn: () => call('listOnlineViews', { params }) })
  const client = useQueryClient()
  const materialize = useMutation({
    mutationFn: () => call('materializeFeatures', { params, body: { full: false } }),
    onSuccess: ({ read, written, compared }) => {
      client.invalidateQueries({ queryKey })
      showToast({ text: read ? t('online.materialized', { written, compared }) : t('online.unchanged') })
    },
  })
  return (
    <Panel
      title={t('online.title')}
      actions={
        <Button size="xs" variant="default" loading={materialize.isPending} onClick={() => materialize.mutate()}>
          {t('online.materialize')}
        </Button>
      }
    >
      {materialize.error !== null && <ProblemAlert problem={problemOf(materialize.error)} />}
      <Loaded query={versions}>{(data) => <OnlineVersions versions={data} current={version} />}</Loaded>
    </Panel>
  )
}

function OnlineVersions({ versions, current }: { versions: readonly OnlineView[]; current: string | undefined }) {
  const { t } = useTranslation()
  const columns = useColumns(current)
  if (versions.length === 0) return <p className="muted">{t('online.empty')}</p>
  return <Table label={t('online.title')} columns={columns} rows={versions} rowKey={({ viewVersion }) => viewVersion} />
}

function useColumns(current: string | undefined): Column<OnlineView>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    {
      key: 'version',
      label: t('online.version'),
      cell: ({ viewVersion, unfinished }) => (
        <>
          <code className="mono">{viewVersion}</code> {viewVersion === current && <Pill>{t('online.current')}</Pill>}{' '}
          {unfinished && <Pill>{t('online.unfinished')}</Pill>}
        </>
      ),
    },
    {
      key: 'entities',
      label: t('online.entities'),
      numeric: true,
      cell: ({ entities }) => format.integer(entities),
    },
    {
      key: 'watermark',
      label: t('online.watermark'),
      cell: ({ watermark }) => (watermark === null ? t('online.never') : format.dateTime(watermark)),
    },
    {
      key: 'materializedAt',
      label: t('online.materializedAt'),
      cell: ({ materializedAt }) => (materializedAt === null ? t('online.never') : <Moment at={materializedAt} />),
    },
    {
      key: 'staleShare',
      label: t('online.staleShare'),
      numeric: true,
      cell: ({ staleShare }) => (staleShare === null ? '–' : format.share(staleShare)),
    },
  ]
}
