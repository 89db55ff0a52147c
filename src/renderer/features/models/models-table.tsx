import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { mainMetric } from '#shared/metrics.ts'
import type { RegisteredModel } from '#shared/models.ts'
import { TagIcon } from '../../components/icons.tsx'
import { Pill } from '../../components/pill.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { useEndpoints, useModelVersions, useProjects } from '../../lib/queries.ts'
import { metricSeries } from './compare.ts'
import styles from './models.module.css'
import { Sparkline } from './sparkline.tsx'

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
      { key: 'metric', label: t('models.championMetric'), numeric: true, cell: (model) => <Champion model={model} /> },
      { key: 'serves', label: t('models.servesAt'), cell: (model) => <ServesAt model={model.name} /> },
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

/** The main metric of the champion, or of the newest version, and its way over the versions. */
function Champion({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation()
  const format = useFormat()
  const versions = useModelVersions(model.name).data?.items ?? []
  const champion = model.aliases.champion ?? model.latestVersion
  const version = versions.find((each) => each.version === champion)
  if (version === undefined) return '–'
  const metric = mainMetric[version.signature.task]
  const value = version.metrics[metric]
  const points = metricSeries(versions, metric)
  return (
    <span className={styles.spark}>
      {points.length > 1 && (
        <Sparkline
          label={t('models.sparkline', { metric, count: points.length })}
          values={points.map((p) => p.value)}
        />
      )}
      <span className="muted">{metric}</span> {value === undefined ? '–' : format.metric(value)}
    </span>
  )
}

/** The endpoints where any version of the model answers now. */
export function ServesAt({ model, version }: { model: string; version?: number }) {
  const { t } = useTranslation()
  const all = useEndpoints().data
  if (all === undefined) return '–'
  const endpoints = all.filter(
    ({ revision }) => revision?.model === model && (version === undefined || revision.version === version),
  )
  if (endpoints.length === 0) return <span className="muted">{t('models.nowhere')}</span>
  return (
    <span className={styles.aliases}>
      {endpoints.map(({ name, revision }) => (
        <Link key={name} href={`/endpoints/${encodeURIComponent(name)}`}>
          {name}
          {version === undefined && ` (${revision?.version})`}
        </Link>
      ))}
    </span>
  )
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
