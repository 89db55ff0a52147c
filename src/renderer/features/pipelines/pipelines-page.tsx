import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Pipeline, Project } from '#shared/projects.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { PipelineIcon, PlusIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useProjectScope } from '../../lib/project-scope.ts'
import { usePipelines, useProjects } from '../../lib/queries.ts'
import { AddProjectButtons } from '../projects/add-project.tsx'
import styles from './list/list.module.css'
import { NewPipelineDialog } from './list/new-pipeline-dialog.tsx'
import { LatestRun, NextSchedule, PipelineActs } from './list/pipeline-cells.tsx'
import { useStartRun } from './start-run.tsx'

export default function PipelinesPage() {
  const { t } = useTranslation()
  const projects = useProjects()
  const [scope] = useProjectScope()
  return (
    <Page title={t('pipelines.title')}>
      <Loaded query={projects}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={<PipelineIcon size={32} />} title={t('pipelines.emptyTitle')} text={t('pipelines.emptyText')}>
              <AddProjectButtons prominent />
            </Empty>
          ) : (
            inScope(list, scope).map((project) => <ProjectPipelines key={project.id} project={project} />)
          )
        }
      </Loaded>
    </Page>
  )
}

/** The project shown; all of them where none is, or where it is gone. */
function inScope(projects: readonly Project[], projectId: string | undefined): readonly Project[] {
  const shown = projects.filter(({ id }) => id === projectId)
  return shown.length > 0 ? shown : projects
}

function ProjectPipelines({ project }: { project: Project }) {
  const { t } = useTranslation()
  const pipelines = usePipelines(project.id)
  const startRun = useStartRun()
  /** What a new pipeline begins from, while it is asked for. */
  const [making, setMaking] = useState<{ copyOf: string | undefined }>()
  const columns = useColumns({
    onRun: (pipeline) => startRun.open({ projectId: project.id, pipeline }),
    onCopy: (copyOf) => setMaking({ copyOf }),
  })
  const newButton = (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<PlusIcon size={13} />}
      disabled={pipelines.data === undefined}
      aria-label={t('pipelines.newIn', { project: project.name })}
      onClick={() => setMaking({ copyOf: undefined })}
    >
      {t('pipelines.new')}
    </Button>
  )
  return (
    <Panel title={project.name} flush actions={newButton}>
      <Loaded query={pipelines}>
        {(list) => (
          <>
            {list.length === 0 && <EmptyNote>{t('pipelines.noneInProject')}</EmptyNote>}
            {list.length > 0 && (
              <Table label={project.name} columns={columns} rows={list} rowKey={(pipeline) => pipeline.name} />
            )}
            {list.some((pipeline) => pipeline.problems.length > 0) && (
              <div className={styles.problems}>
                <FileProblems problems={list.flatMap((pipeline) => pipeline.problems)} />
              </div>
            )}
            {making !== undefined && (
              <NewPipelineDialog
                project={project}
                pipelines={list}
                copyOf={making.copyOf}
                onClose={() => setMaking(undefined)}
              />
            )}
          </>
        )}
      </Loaded>
      {startRun.dialog}
    </Panel>
  )
}

interface ListActs {
  onRun: (pipeline: string) => void
  onCopy: (pipeline: string) => void
}

function useColumns({ onRun, onCopy }: ListActs): Column<Pipeline>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'name',
      label: t('common.name'),
      cell: (pipeline) => (
        <Link href={`/pipelines/${pipeline.projectId}/${encodeURIComponent(pipeline.name)}`}>{pipeline.name}</Link>
      ),
    },
    { key: 'file', label: t('pipelines.file'), cell: ({ file }) => <code className="mono">{file}</code> },
    { key: 'steps', label: t('runs.steps'), numeric: true, cell: ({ steps }) => steps.length },
    { key: 'latest', label: t('pipelines.latestRun'), cell: (pipeline) => <LatestRun pipeline={pipeline} /> },
    { key: 'next', label: t('pipelines.nextSchedule'), cell: (pipeline) => <NextSchedule pipeline={pipeline} /> },
    {
      key: 'problems',
      label: t('pipelines.problems'),
      cell: ({ problems }) =>
        problems.length > 0 && (
          <StatusMark status="failed" text={t('pipelines.problemCount', { count: problems.length })} />
        ),
    },
    {
      key: 'acts',
      label: t('pipelines.actions'),
      numeric: true,
      cell: (pipeline) => (
        <PipelineActs pipeline={pipeline} onRun={() => onRun(pipeline.name)} onCopy={() => onCopy(pipeline.name)} />
      ),
    },
  ]
}
