import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Pipeline } from '#shared/projects.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { PlayIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { usePipelines, useProjects } from '../../lib/queries.ts'
import { StepGraph } from '../runs/step-graph.tsx'
import { parameterText } from './parameter-value.ts'
import styles from './pipeline-page.module.css'
import { useStartRun } from './start-run.tsx'

/** A pipeline as its file has it: graph, parameters and problems. */
export default function PipelinePage({ projectId, name }: { projectId: string; name: string }) {
  const { t } = useTranslation()
  const pipelines = usePipelines(projectId)
  const startRun = useStartRun()
  const pipeline = pipelines.data?.find((each) => each.name === name)
  return (
    <Page
      title={name}
      crumbs={[{ label: t('pipelines.title'), href: '/pipelines' }]}
      actions={
        <Button
          leftSection={<PlayIcon size={13} />}
          disabled={pipeline === undefined || pipeline.problems.length > 0}
          onClick={() => startRun.open({ projectId, pipeline: name })}
        >
          {t('pipelines.start')}
        </Button>
      }
    >
      <Loaded query={pipelines}>
        {() => (pipeline === undefined ? t('pipelines.notFound') : <PipelineView pipeline={pipeline} />)}
      </Loaded>
      {startRun.dialog}
    </Page>
  )
}

function PipelineView({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslation()
  const projects = useProjects()
  const project = projects.data?.find((each) => each.id === pipeline.projectId)
  const parameters = Object.entries(pipeline.parameters)
  return (
    <div className={styles.columns}>
      <section className={styles.graph} aria-label={t('run.pipelineGraph')}>
        <StepGraph steps={pipeline.steps} label={t('run.pipelineGraph')} />
      </section>
      <div className={styles.side}>
        {pipeline.problems.length > 0 && (
          <Panel title={t('problem.inFiles', { count: pipeline.problems.length })}>
            <FileProblems problems={pipeline.problems} />
          </Panel>
        )}
        <Panel title={t('run.about')}>
          <Facts>
            <Fact label={t('common.project')}>{project?.name ?? '…'}</Fact>
            <Fact label={t('pipelines.file')}>
              <code className="mono">{pipeline.file}</code>
            </Fact>
            <Fact label={t('pipelines.pipelineVersion')}>
              <code className="mono">{pipeline.version.slice(0, 12)}</code>
            </Fact>
          </Facts>
        </Panel>
        <Panel title={t('pipelines.parameters')} flush={parameters.length === 0}>
          {parameters.length === 0 ? (
            <EmptyNote>{t('pipelines.noParameters')}</EmptyNote>
          ) : (
            <Facts>
              {parameters.map(([name, value]) => (
                <Fact key={name} label={name}>
                  <code className="mono">{parameterText(value)}</code>
                </Fact>
              ))}
            </Facts>
          )}
        </Panel>
      </div>
    </div>
  )
}
