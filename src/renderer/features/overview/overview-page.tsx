import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useLatestRuns, useModels, useProjects } from '../../lib/queries.ts'
import { ServingList } from '../endpoints/serving-list.tsx'
import { ModelsTable } from '../models/models-table.tsx'
import { AddProjectButtons } from '../projects/add-project.tsx'
import { ProjectList } from '../projects/project-list.tsx'
import { RunsTable } from '../runs/runs-table.tsx'
import styles from './overview.module.css'
import { Welcome } from './welcome.tsx'

/** What there is and what happened last, in one glance; without a project, how to begin. */
export function OverviewPage() {
  const { t } = useTranslation()
  const projects = useProjects()
  const empty = projects.data?.length === 0
  return (
    <Page title={t('nav.overview')} actions={!empty && projects.data !== undefined && <AddProjectButtons />}>
      {empty && <Welcome />}
      <div className={styles.columns}>
        <div className={styles.column}>
          {!empty && (
            <Panel title={t('projects.title')} flush>
              <Loaded query={projects}>{(list) => <ProjectList projects={list} />}</Loaded>
            </Panel>
          )}
          <LatestRuns />
        </div>
        <div className={styles.column}>
          <Panel title={t('overview.serving')} flush>
            <ServingList />
          </Panel>
          <RegisteredModels />
        </div>
      </div>
    </Page>
  )
}

function LatestRuns() {
  const { t } = useTranslation()
  const runs = useLatestRuns()
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
      <Loaded query={runs} lines={5}>
        {({ items }) =>
          items.length === 0 ? <EmptyNote>{t('overview.noRuns')}</EmptyNote> : <RunsTable runs={items} compact />
        }
      </Loaded>
    </Panel>
  )
}

function RegisteredModels() {
  const { t } = useTranslation()
  const models = useModels()
  return (
    <Panel title={t('overview.versions')} flush>
      <Loaded query={models}>
        {(list) =>
          list.length === 0 ? <EmptyNote>{t('overview.noVersions')}</EmptyNote> : <ModelsTable models={list} compact />
        }
      </Loaded>
    </Panel>
  )
}
