import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DiskUse } from '#shared/settings.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { type Column, Table } from '../../components/table.tsx'
import { showToast } from '../../components/toast.tsx'
import { useFormat } from '../../lib/format.ts'
import { shares } from './changes.ts'
import { CleanUpPreviewRow } from './clean-up-preview.tsx'
import { showProblem, useCleanUp, useCleanUpState, useDiskUse } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

export function DiskSection() {
  const { t } = useTranslation()
  const use = useDiskUse()
  return (
    <Panel title={t('settings.section.disk')} flush>
      <Loaded query={use} lines={6}>
        {(disk) => (
          <>
            <CleanUpRow disk={disk} />
            <CleanUpPreviewRow />
            <KindsBar disk={disk} />
            <KindsTable disk={disk} />
            <h3 className={styles.sub}>{t('settings.diskByProject')}</h3>
            {disk.projects.length === 0 ? (
              <EmptyNote>{t('settings.noProjects')}</EmptyNote>
            ) : (
              <ProjectsTable projects={disk.projects} />
            )}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function CleanUpRow({ disk }: { disk: DiskUse }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { bytes } = useDataFormat()
  const cleanUp = useCleanUp()
  const state = useCleanUpState().data
  const underWay = cleanUp.isPending || state?.underWay === true

  function start() {
    cleanUp.mutate(
      {},
      {
        onSuccess: ({ removedRuns, freedBytes }) => {
          const runs = t('settings.runsRemoved', { count: removedRuns, shown: format.integer(removedRuns) })
          showToast({ text: t('settings.cleanedUp', { bytes: bytes(freedBytes), runs }) })
        },
        onError: showProblem,
      },
    )
  }
  const inUse = t('settings.diskTotal', { used: bytes(disk.totalBytes), free: bytes(disk.freeBytes) })
  const frees = t('settings.diskReclaimable', { bytes: bytes(disk.reclaimableBytes) })
  return (
    <SettingRow label={inUse} hint={frees}>
      {underWay && (
        <span className="muted" role="status">
          {t('settings.runsRemoved', {
            count: state?.removedRuns ?? 0,
            shown: format.integer(state?.removedRuns ?? 0),
          })}
        </span>
      )}
      <Button variant="default" loading={underWay} onClick={start}>
        {t('settings.cleanUp')}
      </Button>
    </SettingRow>
  )
}

const seriesOf = (index: number) => `var(--series-${index + 1})`

/** The table below holds the same figures. */
function KindsBar({ disk }: { disk: DiskUse }) {
  const parts = shares(disk.kinds.map(({ bytes }) => bytes))
  return (
    <div className={styles.bar} aria-hidden>
      {disk.kinds.map(({ kind }, index) => (
        <span key={kind} style={{ width: `${100 * (parts[index] ?? 0)}%`, background: seriesOf(index) }} />
      ))}
    </div>
  )
}

type KindRow = DiskUse['kinds'][number] & { share: number; color: string }

function KindsTable({ disk }: { disk: DiskUse }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { bytes } = useDataFormat()
  const parts = shares(disk.kinds.map((entry) => entry.bytes))
  const rows = disk.kinds.map((entry, index) => ({ ...entry, share: parts[index] ?? 0, color: seriesOf(index) }))
  const columns: Column<KindRow>[] = [
    {
      key: 'kind',
      label: t('settings.diskKind'),
      cell: ({ kind, color }) => (
        <>
          <span className={styles.swatch} style={{ background: color }} />
          {t(`settings.kind.${kind}`)}
        </>
      ),
    },
    {
      key: 'about',
      label: t('settings.diskAbout'),
      wraps: true,
      cell: ({ kind }) => <span className="muted">{t(`settings.kindHint.${kind}`)}</span>,
    },
    { key: 'bytes', label: t('settings.diskSize'), numeric: true, cell: (row) => bytes(row.bytes) },
    { key: 'share', label: t('settings.diskShare'), numeric: true, cell: ({ share }) => format.percent(share) },
  ]
  return <Table label={t('settings.section.disk')} columns={columns} rows={rows} rowKey={({ kind }) => kind} />
}

function ProjectsTable({ projects }: { projects: DiskUse['projects'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { bytes } = useDataFormat()
  const columns: Column<DiskUse['projects'][number]>[] = [
    { key: 'name', label: t('common.project'), cell: ({ name }) => name },
    { key: 'runs', label: t('settings.runs'), numeric: true, cell: ({ runs }) => format.integer(runs) },
    {
      key: 'bytes',
      label: t('settings.kind.artifacts'),
      numeric: true,
      cell: ({ artifactBytes }) => bytes(artifactBytes),
    },
  ]
  return (
    <Table
      label={t('settings.diskByProject')}
      columns={columns}
      rows={projects}
      rowKey={({ projectId }) => projectId}
    />
  )
}
