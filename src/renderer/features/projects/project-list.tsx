import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Project } from '#shared/projects.ts'
import { PlayIcon } from '../../components/icons.tsx'
import { StatusMark } from '../../components/status.tsx'
import { useStartRun } from '../pipelines/start-run.tsx'
import styles from './project-list.module.css'

export function ProjectList({ projects }: { projects: readonly Project[] }) {
  return (
    <ul className={styles.list}>
      {projects.map((project) => (
        <ProjectItem key={project.id} project={project} />
      ))}
    </ul>
  )
}

function ProjectItem({ project }: { project: Project }) {
  const { t } = useTranslation()
  const startRun = useStartRun()
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <span className={styles.name}>{project.name}</span>
        {!project.available && <StatusMark status="unavailable" />}
        <span className="muted">
          {t('projects.pipelineCount', { count: project.pipelines.length })} ·{' '}
          {t('projects.datasetCount', { count: project.datasets.length })}
        </span>
        <span className={`${styles.path} mono`}>{project.path}</span>
      </div>
      {project.description !== '' && <span className="muted">{project.description}</span>}
      <div className={styles.pipelines}>
        {project.pipelines.map((pipeline) => (
          <span key={pipeline} className={styles.pipeline}>
            <Link href={`/pipelines/${project.id}/${encodeURIComponent(pipeline)}`}>{pipeline}</Link>
            <Button
              variant="light"
              size="compact-xs"
              leftSection={<PlayIcon size={12} />}
              aria-label={t('pipelines.startTitle', { pipeline })}
              onClick={() => startRun.open({ projectId: project.id, pipeline })}
            >
              {t('pipelines.start')}
            </Button>
          </span>
        ))}
      </div>
      {startRun.dialog}
    </li>
  )
}
