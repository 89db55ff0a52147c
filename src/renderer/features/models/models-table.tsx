import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RegisteredModel } from '#shared/models.ts'
import { TagIcon } from '../../components/icons.tsx'
import { Pill } from '../../components/pill.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useProjects } from '../../lib/queries.ts'
import styles from './models.module.css'

interface ModelsTableProps {
  models: readonly RegisteredModel[]
  /** Fewer columns, for a panel. */
  compact?: boolean
}

export function ModelsTable({ models, compact = false }: ModelsTableProps) {
  const { t } = useTranslation()
  const projects = useProjects()
  const columns: Column<RegisteredModel>[] = [
    {
      key: 'name',
      label: t('common.model'),
      cell: (model) => <Link href={`/models/${encodeURIComponent(model.name)}`}>{model.name}</Link>,
    },
    { key: 'latest', label: t('models.latest'), numeric: true, cell: (model) => model.latestVersion ?? '–' },
    { key: 'aliases', label: t('common.aliases'), cell: (model) => <AliasTargets aliases={model.aliases} /> },
  ]
  if (!compact) {
    columns.push(
      {
        key: 'project',
        label: t('common.project'),
        cell: (model) => projects.data?.find(({ id }) => id === model.projectId)?.name ?? '',
      },
      { key: 'created', label: t('common.created'), cell: (model) => <Moment at={model.createdAt} /> },
    )
  }
  return <Table label={t('models.title')} columns={columns} rows={models} rowKey={(model) => model.name} />
}

/** Each alias with the version that it names. */
export function AliasTargets({ aliases }: { aliases: Readonly<Record<string, number>> }) {
  const { t } = useTranslation()
  const entries = Object.entries(aliases)
  if (entries.length === 0) return <span className="muted">{t('models.noAliases')}</span>
  return (
    <span className={styles.aliases}>
      {entries.map(([alias, version]) => (
        <Pill key={alias} icon={<TagIcon size={11} />}>
          {alias} → {version}
        </Pill>
      ))}
    </span>
  )
}
