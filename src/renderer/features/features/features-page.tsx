import { Skeleton, TextInput } from '@mantine/core'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { durationText } from '#shared/durations.ts'
import type { FeatureCatalogue, FeatureCatalogueEntry, FeatureUse } from '#shared/features.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { FeatureIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useProjects } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { AddProjectButtons } from '../projects/add-project.tsx'
import { featureNames, featureViewPath, filteredViews } from './feature-list.ts'
import styles from './features.module.css'
import { Freshness } from './freshness.tsx'
import { useDataOfViews, useFeatureViews, type ViewData } from './queries.ts'

/** The catalogue: every feature view of every project, or of the one that is at work on. */
export default function FeaturesPage() {
  const { t } = useTranslation()
  const projects = useProjects()
  const [scope] = useProjectScope()
  const views = useFeatureViews(scope)
  return (
    <Page title={t('features.title')}>
      <Loaded query={projects}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={<FeatureIcon size={32} />} title={t('features.emptyTitle')} text={t('features.noProjects')}>
              <AddProjectButtons prominent />
            </Empty>
          ) : (
            <Loaded query={views}>{(catalogue) => <Catalogue catalogue={catalogue} />}</Loaded>
          )
        }
      </Loaded>
    </Page>
  )
}

const exampleYaml = `name: origin-lateness
entity: origin
eventTime: hour
ttl: 1h
query: select origin, hour, late_share from departures`

function Catalogue({ catalogue: { items, problems } }: { catalogue: FeatureCatalogue }) {
  const { t } = useTranslation()
  const [filter, setFilter] = useSearchParam('q')
  const shown = filteredViews(items, useDeferredValue(filter ?? ''))
  if (items.length === 0 && problems.length === 0) {
    return (
      <Empty icon={<FeatureIcon size={32} />} title={t('features.emptyTitle')} text={t('features.emptyText')}>
        <pre className={styles.example}>{exampleYaml}</pre>
      </Empty>
    )
  }
  return (
    <>
      {problems.length > 0 && (
        <Panel title={t('features.filesWithProblems')}>
          <FileProblems problems={problems} />
        </Panel>
      )}
      <Panel
        title={t('features.views')}
        flush
        actions={
          <TextInput
            size="xs"
            w={240}
            aria-label={t('features.filter')}
            placeholder={t('features.filter')}
            value={filter ?? ''}
            onChange={(event) => setFilter(event.currentTarget.value || undefined)}
          />
        }
      >
        {shown.length === 0 ? <EmptyNote>{t('features.noneFound')}</EmptyNote> : <ViewsTable views={shown} />}
      </Panel>
    </>
  )
}

function ViewsTable({ views }: { views: readonly FeatureCatalogueEntry[] }) {
  const { t } = useTranslation()
  const dataOf = useDataOfViews(views)
  const columns: Column<FeatureCatalogueEntry>[] = [
    {
      key: 'name',
      label: t('common.name'),
      wraps: true,
      cell: (view) => (
        <>
          <Link href={featureViewPath(view.projectId, view.name)}>{view.name}</Link>
          {view.description !== '' && <div className="muted">{view.description}</div>}
        </>
      ),
    },
    {
      key: 'features',
      label: t('features.features'),
      wraps: true,
      cell: (view) => (
        <span className={styles.names}>
          {featureNames(view).map((name) => (
            <code key={name} className="mono">
              {name}
            </code>
          ))}
        </span>
      ),
    },
    {
      key: 'entity',
      label: t('features.entity'),
      cell: (view) => <code className="mono">{view.entity.join(', ')}</code>,
    },
    {
      key: 'ttl',
      label: t('features.ttl'),
      cell: ({ ttlMs }) => (ttlMs === null ? t('features.ttlNone') : durationText(ttlMs)),
    },
    {
      key: 'owner',
      label: t('features.owner'),
      cell: ({ owner, project }) => (
        <>
          {owner || t('features.none')}
          <div className="muted">{project}</div>
        </>
      ),
    },
    { key: 'newest', label: t('features.freshness'), cell: (view) => <Newest data={dataOf(view)} /> },
    { key: 'use', label: t('features.usedBy'), cell: (view) => <UseCounts use={view.use} /> },
    {
      key: 'state',
      label: t('features.state'),
      wraps: true,
      cell: ({ problem }) =>
        problem === null ? (
          <StatusMark status="ready" text={t('features.readable')} />
        ) : (
          <>
            <StatusMark status="failed" text={t('features.unreadable')} />{' '}
            <span className="muted">{problem.detail}</span>
          </>
        ),
    },
  ]
  return (
    <Table
      label={t('features.views')}
      columns={columns}
      rows={views}
      rowKey={({ projectId, name }) => `${projectId} ${name}`}
    />
  )
}

/** How fresh a view is and how much it holds, as soon as its SQL has been run. */
function Newest({ data }: { data: ViewData }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (data === 'coming') return <Skeleton height={12} width={90} />
  if (data === 'unknown') return '–'
  const { rows, entities } = data.check
  const [countOfRows, countOfEntities] = [format.integer(rows), format.integer(entities)]
  return (
    <>
      <Freshness freshness={data.freshness} short />
      <div className="muted">{t('features.holds', { rows: countOfRows, entities: countOfEntities })}</div>
    </>
  )
}

function UseCounts({ use: { pipelines, versions } }: { use: FeatureUse }) {
  const { t } = useTranslation()
  const parts = [
    ...(pipelines.length > 0
      ? [t('features.pipelineCount', { count: new Set(pipelines.map(({ pipeline }) => pipeline)).size })]
      : []),
    ...(versions.length > 0 ? [t('features.versionCount', { count: versions.length })] : []),
  ]
  return parts.length === 0 ? <span className="muted">{t('features.nobody')}</span> : parts.join(', ')
}
