import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Run } from '#shared/runs.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { useProjects } from '../../lib/queries.ts'
import { parameterText } from '../pipelines/parameter-value.ts'
import { StartedBy } from '../triggers/run-trigger.tsx'
import { pipelineHref } from './run-id.ts'

/** Everything that decides what the run computes. */
export function RunAbout({ run }: { run: Run }) {
  const { t } = useTranslation()
  const projects = useProjects()
  const project = projects.data?.find((each) => each.id === run.projectId)
  const parameters = Object.entries(run.parameters)
  return (
    <Facts>
      <Fact label={t('run.id')}>
        <code className="mono">{run.id}</code>
      </Fact>
      <Fact label={t('common.project')}>{project?.name ?? run.projectId}</Fact>
      <StartedBy run={run} />
      <Fact label={t('run.pipelineVersion')}>
        <Link href={`${pipelineHref(run)}?version=${run.pipelineVersion}`}>
          <code className="mono">{run.pipelineVersion.slice(0, 12)}</code>
        </Link>
      </Fact>
      <Fact label={t('run.commit')}>
        <Commit run={run} />
      </Fact>
      <Fact label={t('run.seed')}>
        <code className="mono">{run.seed}</code>
      </Fact>
      <Fact label={t('pipelines.parameters')}>
        {parameters.length === 0 && t('pipelines.noParameters')}
        {parameters.map(([name, value]) => (
          <div key={name} className="mono">
            {name} = {parameterText(value)}
          </div>
        ))}
      </Fact>
    </Facts>
  )
}

function Commit({ run }: { run: Run }) {
  const { t } = useTranslation()
  if (run.gitCommit === null) return t('run.noCommit')
  return (
    <>
      <code className="mono">{run.gitCommit.slice(0, 10)}</code> {run.gitDirty === true && t('run.commitDirty')}
    </>
  )
}
