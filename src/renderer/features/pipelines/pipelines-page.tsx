import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Pipeline, Project } from '#shared/projects.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { PipelineIcon, PlayIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { Table } from '../../components/table.tsx'
import { usePipelines, useProjects } from '../../lib/queries.ts'
import { AddProjectButtons } from '../projects/add-project.tsx'
import styles from './pipeline-page.module.css'
import { useStartRun } from './start-run.tsx'

export default function PipelinesPage() {
  const { t } = useTranslation()
  const projects = useProjects()
  return (
    <Page title={t('pipelines.title')}>
      <Loaded query={projects}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={<PipelineIcon size={32} />} title={t('pipelines.emptyTitle')} text={t('pipelines.emptyText')}>
              <AddProjectButtons prominent />
            </Empty>
          ) : (
            list.map((project) => <ProjectPipelines key={project.id} project={project} />)
          )
        }
      </Loaded>
    </Page>
  )
}

function ProjectPipelines({ project }: { project: Project }) {
  const { t } = useTranslation()
  const pipelines = usePipelines(project.id)
  const startRun = useStartRun()
  const columns = [
    {
      key: 'name',
      label: t('common.name'),
      cell: (pipeline: Pipeline) => (
        <Link href={`/pipelines/${project.id}/${encodeURIComponent(pipeline.name)}`}>{pipeline.name}</Link>
      ),
    },
    {
      key: 'file',
      label: t('pipelines.file'),
      cell: (pipeline: Pipeline) => <code className="mono">{pipeline.file}</code>,
    },
    { key: 'steps', label: t('runs.steps'), numeric: true, cell: (pipeline: Pipeline) => pipeline.steps.length },
    {
      key: 'problems',
      label: t('pipelines.problems'),
      cell: ({ problems }: Pipeline) =>
        problems.length > 0 && <StatusMark status="failed" text={t('problem.inFiles', { count: problems.length })} />,
    },
    {
      key: 'start',
      label: t('pipelines.start'),
      numeric: true,
      cell: (pipeline: Pipeline) =>
        pipeline.problems.length === 0 && (
          <Button
            variant="light"
            size="compact-xs"
            leftSection={<PlayIcon size={12} />}
            aria-label={t('pipelines.startTitle', { pipeline: pipeline.name })}
            onClick={() => startRun.open({ projectId: project.id, pipeline: pipeline.name })}
          >
            {t('pipelines.start')}
          </Button>
        ),
    },
  ]
  return (
    <Panel title={project.name} flush>
      <Loaded query={pipelines}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote>{t('pipelines.noneInProject')}</EmptyNote>
          ) : (
            <>
              <Table label={project.name} columns={columns} rows={list} rowKey={(pipeline) => pipeline.name} />
              {list.some((pipeline) => pipeline.problems.length > 0) && (
                <div className={styles.problems}>
                  <FileProblems problems={list.flatMap((pipeline) => pipeline.problems)} />
                </div>
              )}
            </>
          )
        }
      </Loaded>
      {startRun.dialog}
    </Panel>
  )
}
