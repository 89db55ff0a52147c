import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ModelVersion, RegisteredModel } from '#shared/models.ts'
import type { Project } from '#shared/projects.ts'
import type { RunSummary } from '#shared/runs.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Panel } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { useRun } from '../../lib/queries.ts'
import { dataCheckOf, headlineMetric } from './health.ts'
import styles from './overview.module.css'

interface HealthPanelProps {
  projects: readonly Project[]
  /** Newest first. */
  runs: readonly RunSummary[]
  models: readonly RegisteredModel[]
  newestVersions: readonly ModelVersion[]
}

/** How the data of each project and each model stand. */
export function HealthPanel({ projects, runs, models, newestVersions }: HealthPanelProps) {
  const { t } = useTranslation()
  if (projects.length === 0) return null
  return (
    <Panel title={t('overview.health')} flush>
      <ul className={styles.health}>
        {projects.map((project) => (
          <DataHealth
            key={project.id}
            project={project}
            run={runs.find((run) => run.projectId === project.id && run.finishedAt !== null)}
          />
        ))}
        {models.map((model) => (
          <ModelHealth
            key={model.name}
            model={model}
            newest={newestVersions.find((each) => each.model === model.name)}
          />
        ))}
      </ul>
      {models.length === 0 && <EmptyNote>{t('overview.noVersions')}</EmptyNote>}
    </Panel>
  )
}

function DataHealth({ project, run }: { project: Project; run: RunSummary | undefined }) {
  const { t } = useTranslation()
  return (
    <li className={styles.healthItem}>
      <span className={styles.healthName}>
        <Link href={`/data?project=${project.id}`}>{t('overview.dataOf', { name: project.name })}</Link>
      </span>
      {run === undefined ? <span className="muted">{t('overview.notChecked')}</span> : <LastCheck run={run} />}
    </li>
  )
}

function LastCheck({ run: { id, projectId } }: { run: RunSummary }) {
  const { t } = useTranslation()
  const run = useRun(id)
  const check = run.data && dataCheckOf(run.data)
  if (check === undefined) return <span className="muted">{t('overview.notChecked')}</span>
  const tone = check.errors > 0 ? 'bad' : check.anomalies > 0 ? 'warn' : 'good'
  const text = check.anomalies === 0 ? t('overview.dataMatches') : t('overview.anomalies', { count: check.anomalies })
  return (
    <>
      <Link
        className={styles[tone]}
        href={`/data/${projectId}/validation?run=${check.runId}&step=${encodeURIComponent(check.step)}`}
      >
        {text}
      </Link>
      <span className="muted">
        <Moment at={check.at} />
      </span>
    </>
  )
}

function ModelHealth({ model, newest }: { model: RegisteredModel; newest: ModelVersion | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const champion = model.aliases.champion
  const metric = newest && headlineMetric(newest)
  return (
    <li className={styles.healthItem}>
      <span className={styles.healthName}>
        <Link href={`/models/${encodeURIComponent(model.name)}`}>{t('overview.modelNamed', { name: model.name })}</Link>
      </span>
      <span>
        {champion === undefined ? t('overview.noChampion') : t('overview.champion', { version: champion })}
        {metric !== undefined && (
          <span className="muted">
            {' '}
            ·{' '}
            {t('overview.newestScores', {
              version: newest?.version ?? 0,
              name: metric.name,
              value: format.metric(metric.value),
            })}
          </span>
        )}
      </span>
      {newest !== undefined && (
        <span className="muted">
          <Moment at={newest.createdAt} />
        </span>
      )}
    </li>
  )
}
