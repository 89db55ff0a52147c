import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Project } from '#shared/projects.ts'
import type { RunSummary } from '#shared/runs.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useApprovals, useEndpoints, useModels, useProjects } from '../../lib/queries.ts'
import { useOpenAlerts } from '../alerts/queries.ts'
import { ServingList } from '../endpoints/serving-list.tsx'
import { AddProjectButtons } from '../projects/add-project.tsx'
import { ProjectList } from '../projects/project-list.tsx'
import { RunsTable } from '../runs/runs-table.tsx'
import { attentionOf } from './attention.ts'
import { AttentionPanel } from './attention-panel.tsx'
import { HealthPanel } from './health-panel.tsx'
import styles from './overview.module.css'
import { useAllPipelines, useNewestVersions, useRecentRuns } from './queries.ts'
import { SchedulesPanel } from './schedules-panel.tsx'
import { Welcome } from './welcome.tsx'

const shownRuns = 8

/** What needs attention, what serves, what comes next and what happened last; without a project, how to begin. */
export function OverviewPage() {
  const { t } = useTranslation()
  const projects = useProjects()
  const empty = projects.data?.length === 0
  return (
    <Page title={t('nav.overview')} actions={!empty && projects.data !== undefined && <AddProjectButtons />}>
      <Loaded query={projects} lines={8}>
        {(list) => (list.length === 0 ? <Welcome /> : <Overview projects={list} />)}
      </Loaded>
    </Page>
  )
}

function Overview({ projects }: { projects: readonly Project[] }) {
  const { t } = useTranslation()
  const [projectId] = useProjectScope()
  const known = projects.some(({ id }) => id === projectId) ? projectId : undefined
  const inScope = (id: string) => known === undefined || id === known
  const shown = projects.filter(({ id }) => inScope(id))
  const runs = useRecentRuns(known)
  const models = (useModels().data ?? []).filter((model) => inScope(model.projectId))
  const endpoints = (useEndpoints().data ?? []).filter((endpoint) => inScope(endpoint.projectId))
  const pipelines = useAllPipelines(shown)
  const newestVersions = useNewestVersions(models.map(({ name }) => name))
  const recent = runs.data?.items ?? []
  const approvals = (useApprovals({ state: 'pending' }).data?.items ?? []).filter(({ projectId: id }) => inScope(id))
  const alerts = (useOpenAlerts().data?.items ?? []).filter(
    ({ projectId: id, acknowledged }) => inScope(id) && acknowledged === null,
  )
  const attention = attentionOf({
    projects: shown,
    pipelines,
    runs: recent,
    newestVersions,
    endpoints,
    approvals,
    alerts,
  })
  return (
    <>
      <AttentionPanel items={attention} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Panel title={t('projects.title')} flush>
            <ProjectList projects={shown} />
          </Panel>
          <LatestRuns query={runs} />
        </div>
        <div className={styles.column}>
          <Panel title={t('overview.serving')} flush>
            <ServingList />
          </Panel>
          <SchedulesPanel projectId={known} />
          <HealthPanel projects={shown} runs={recent} models={models} newestVersions={newestVersions} />
        </div>
      </div>
    </>
  )
}

interface LatestRunsProps {
  query: { data: { items: RunSummary[] } | undefined; error: unknown }
}

function LatestRuns({ query }: LatestRunsProps) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('overview.latestRuns')}
      flush
      actions={
        <Button component={Link} href="/runs" variant="subtle" size="compact-xs">
          {t('common.showAll')}
        </Button>
      }
    >
      <Loaded query={query} lines={5}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyNote>{t('overview.noRuns')}</EmptyNote>
          ) : (
            <RunsTable runs={items.slice(0, shownRuns)} />
          )
        }
      </Loaded>
    </Panel>
  )
}
