import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ModelVersion } from '#shared/models.ts'
import { AliasPills } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import styles from './models.module.css'
import { VerdictReason } from './verdict-view.tsx'

/** Metrics beyond these stand on the page of the version. */
const shownMetrics = 5

interface VersionsTableProps {
  versions: readonly ModelVersion[]
  /** Those chosen, by number. */
  chosen: readonly number[]
  onToggle: (version: number) => void
}

export function VersionsTable({ versions, chosen, onToggle }: VersionsTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const metricNames = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].slice(0, shownMetrics)
  const columns: Column<ModelVersion>[] = [
    {
      key: 'chosen',
      label: t('models.choose'),
      cell: ({ version }) => (
        <Checkbox
          size="xs"
          aria-label={t('models.chooseVersion', { version })}
          checked={chosen.includes(version)}
          onChange={() => onToggle(version)}
        />
      ),
    },
    {
      key: 'version',
      label: t('common.version'),
      cell: ({ model, version }) => (
        <Link href={`/models/${encodeURIComponent(model)}/${version}`}>{t('models.versionName', { version })}</Link>
      ),
    },
    { key: 'aliases', label: t('common.aliases'), cell: ({ aliases }) => <AliasPills aliases={aliases} none="–" /> },
    ...metricNames.map(
      (name): Column<ModelVersion> => ({
        key: `metric ${name}`,
        label: name,
        numeric: true,
        cell: ({ metrics }) => (metrics[name] === undefined ? '–' : format.metric(metrics[name])),
      }),
    ),
    { key: 'verdict', label: t('models.verdict'), wraps: true, cell: (version) => <VerdictCell version={version} /> },
    { key: 'created', label: t('common.created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      key: 'run',
      label: t('common.run'),
      cell: ({ runId }) => (
        <Link href={`/runs/${runId}`} className="mono">
          {runId.slice(-6)}
        </Link>
      ),
    },
  ]
  return (
    <Table
      label={t('models.versions')}
      columns={columns}
      rows={versions}
      rowKey={(version) => String(version.version)}
      selected={({ version }) => chosen.includes(version)}
    />
  )
}

export function verdictStatus({ verdict }: ModelVersion): 'blessed' | 'rejected' | 'ungated' {
  if (verdict === undefined) return 'ungated'
  return verdict.blessed ? 'blessed' : 'rejected'
}

function VerdictCell({ version }: { version: ModelVersion }) {
  return (
    <span className={styles.verdict}>
      <StatusMark status={verdictStatus(version)} />
      {version.verdict !== undefined && (
        <span className={styles.reason}>
          <VerdictReason verdict={version.verdict} />
        </span>
      )}
    </span>
  )
}
