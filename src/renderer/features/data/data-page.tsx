import { TextInput } from '@mantine/core'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Project } from '#shared/projects.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { DataIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useProjects } from '../../lib/queries.ts'
import { AddProjectButtons } from '../projects/add-project.tsx'
import styles from './data.module.css'
import { filteredDatasets } from './dataset-list.ts'
import { datasetPath, sqlPath } from './paths.ts'
import { type OwnedDataset, useDatasetsOf } from './queries.ts'

/** Every dataset of every project, or of the one that is at work on. */
export default function DataPage() {
  const { t } = useTranslation()
  const projects = useProjects()
  const [scope] = useProjectScope()
  return (
    <Page title={t('data.title')}>
      <Loaded query={projects}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={<DataIcon size={32} />} title={t('data.emptyTitle')} text={t('data.noProjects')}>
              <AddProjectButtons prominent />
            </Empty>
          ) : (
            <Datasets
              projects={list.filter(({ id, available }) => available && (scope === undefined || id === scope))}
            />
          )
        }
      </Loaded>
    </Page>
  )
}

function Datasets({ projects }: { projects: readonly Project[] }) {
  const { t } = useTranslation()
  const { datasets, loading, failures } = useDatasetsOf(projects)
  const [filter, setFilter] = useState('')
  const shown = filteredDatasets(datasets, useDeferredValue(filter))
  return (
    <>
      {failures.map(({ project, error }) => (
        <ProblemAlert key={project.id} problem={problemOf(error)} />
      ))}
      <Loaded query={{ data: loading && datasets.length === 0 ? undefined : datasets, error: null }}>
        {() =>
          datasets.length === 0 ? (
            failures.length === 0 && <NoDatasets />
          ) : (
            <Panel
              title={t('data.datasets')}
              flush
              actions={
                <>
                  <TextInput
                    size="xs"
                    w={240}
                    aria-label={t('data.filter')}
                    placeholder={t('data.filter')}
                    value={filter}
                    onChange={(event) => setFilter(event.currentTarget.value)}
                  />
                  {projects.map(({ id, name }) => (
                    <Link key={id} href={sqlPath(id)} className={styles.link}>
                      {t('data.sqlOver', { project: name })}
                    </Link>
                  ))}
                </>
              }
            >
              {shown.length === 0 ? <EmptyNote>{t('data.noneFound')}</EmptyNote> : <DatasetsTable datasets={shown} />}
            </Panel>
          )
        }
      </Loaded>
    </>
  )
}

function NoDatasets() {
  const { t } = useTranslation()
  return (
    <Empty icon={<DataIcon size={32} />} title={t('data.emptyTitle')} text={t('data.emptyText')}>
      <pre className={styles.example}>{exampleYaml}</pre>
    </Empty>
  )
}

const exampleYaml = `datasets:
  flights:
    path: data/*.parquet`

function DatasetsTable({ datasets }: { datasets: readonly OwnedDataset[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sizes = useDataFormat()
  const columns = [
    {
      key: 'name',
      label: t('common.name'),
      cell: ({ project, dataset }: OwnedDataset) => (
        <Link href={datasetPath(project.id, dataset.name)}>{dataset.name}</Link>
      ),
    },
    { key: 'project', label: t('common.project'), cell: ({ project }: OwnedDataset) => project.name },
    {
      key: 'path',
      label: t('data.path'),
      cell: ({ dataset }: OwnedDataset) => <code className="mono">{dataset.spec.path}</code>,
    },
    { key: 'format', label: t('data.format'), cell: ({ dataset }: OwnedDataset) => dataset.format ?? '–' },
    {
      key: 'files',
      label: t('data.files'),
      numeric: true,
      cell: ({ dataset }: OwnedDataset) => format.integer(dataset.fileCount),
    },
    {
      key: 'bytes',
      label: t('data.bytes'),
      numeric: true,
      cell: ({ dataset }: OwnedDataset) => sizes.bytes(dataset.bytes),
    },
    {
      key: 'modified',
      label: t('data.modified'),
      cell: ({ dataset }: OwnedDataset) => (dataset.modifiedAt === null ? '–' : <Moment at={dataset.modifiedAt} />),
    },
    {
      key: 'schema',
      label: t('data.schema'),
      cell: ({ project, dataset }: OwnedDataset) => (
        <Link href={`${datasetPath(project.id, dataset.name)}?tab=schema`}>
          {dataset.schemaFile ?? t('data.noSchema')}
        </Link>
      ),
    },
    {
      key: 'problem',
      label: t('data.state'),
      wraps: true,
      cell: ({ dataset }: OwnedDataset) =>
        dataset.problem === null ? (
          <StatusMark status="ready" text={t('data.readable')} />
        ) : (
          <>
            <StatusMark status="failed" text={t('data.unreadable')} />{' '}
            <span className="muted">{dataset.problem.detail}</span>
          </>
        ),
    },
  ]
  return (
    <Table
      label={t('data.datasets')}
      columns={columns}
      rows={datasets}
      rowKey={({ project, dataset }) => `${project.id} ${dataset.name}`}
    />
  )
}
