import { Button } from '@mantine/core'
import { Component, type ReactNode, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch, useLocation } from 'wouter'
import { Empty } from '../components/empty.tsx'
import { AlertIcon } from '../components/icons.tsx'
import { OverviewPage } from '../features/overview/overview-page.tsx'
import { lazyPage, PageSkeleton } from './lazy-page.tsx'

const { Page: PipelinesPage } = lazyPage(() => import('../features/pipelines/pipelines-page.tsx'))
const { Page: PipelinePage } = lazyPage(() => import('../features/pipelines/pipeline-page.tsx'))
/** The page that is opened most. */
const { Page: RunsPage, fetch: fetchRunsPage } = lazyPage(() => import('../features/runs/runs-page.tsx'))
const { Page: RunPage } = lazyPage(() => import('../features/runs/run-page.tsx'))
const { Page: CompareRunsPage } = lazyPage(() => import('../features/runs/compare-page.tsx'))
const { Page: ModelsPage } = lazyPage(() => import('../features/models/models-page.tsx'))
const { Page: ModelPage } = lazyPage(() => import('../features/models/model-page.tsx'))
const { Page: VersionPage } = lazyPage(() => import('../features/models/version-page.tsx'))
const { Page: CompareVersionsPage } = lazyPage(() => import('../features/models/compare-page.tsx'))
const { Page: AlertsPage } = lazyPage(() => import('../features/alerts/alerts-page.tsx'))
const { Page: AlertPage } = lazyPage(() => import('../features/alerts/alert-page.tsx'))
const { Page: BacktestsPage } = lazyPage(() => import('../features/backtest/backtests-page.tsx'))
const { Page: BacktestPage } = lazyPage(() => import('../features/backtest/backtest-page.tsx'))
const { Page: LineagePage } = lazyPage(() => import('../features/lineage/lineage-page.tsx'))
const { Page: StartPage } = lazyPage(() => import('../features/start/start-page.tsx'))
const { Page: DataPage } = lazyPage(() => import('../features/data/data-page.tsx'))
const { Page: DatasetPage } = lazyPage(() => import('../features/data/dataset-page.tsx'))
const { Page: SqlPage } = lazyPage(() => import('../features/data/sql-page.tsx'))
const { Page: ValidationPage } = lazyPage(() => import('../features/data/validation/validation-page.tsx'))
const { Page: TriggersPage } = lazyPage(() => import('../features/triggers/triggers-page.tsx'))
const { Page: TriggerPage } = lazyPage(() => import('../features/triggers/trigger-page.tsx'))
const { Page: FeaturesPage } = lazyPage(() => import('../features/features/features-page.tsx'))
const { Page: FeatureViewPage } = lazyPage(() => import('../features/features/feature-view-page.tsx'))
const { Page: SettingsPage } = lazyPage(() => import('../features/settings/settings-page.tsx'))
const { Page: EndpointsPage } = lazyPage(() => import('../features/endpoints/endpoints-page.tsx'))
const { Page: RequestSqlPage } = lazyPage(() => import('../features/endpoints/requests/request-sql-page.tsx'))
const { Page: EndpointPage } = lazyPage(() => import('../features/endpoints/endpoint-page.tsx'))

/** While the browser has nothing else to do. */
function fetchAhead(): void {
  if ('requestIdleCallback' in window) requestIdleCallback(fetchRunsPage)
  else setTimeout(fetchRunsPage)
}

export function Routes() {
  const [path] = useLocation()
  useEffect(fetchAhead, [])
  return (
    <CrashBoundary key={path}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          <Route path="/">
            <OverviewPage />
          </Route>
          <Route path="/start">
            <StartPage />
          </Route>
          <Route path="/settings">
            <SettingsPage />
          </Route>
          <Route path="/data">
            <DataPage />
          </Route>
          <Route path="/data/:projectId">{({ projectId }) => <SqlPage projectId={projectId} />}</Route>
          <Route path="/data/:projectId/:dataset">
            {({ projectId, dataset }) =>
              // A dataset may have this name too; the report of a step names its run.
              dataset === 'validation' && new URLSearchParams(location.search).has('run') ? (
                <ValidationPage projectId={projectId} />
              ) : (
                <DatasetPage projectId={projectId} dataset={decodeURIComponent(dataset)} />
              )
            }
          </Route>
          <Route path="/features">
            <FeaturesPage />
          </Route>
          <Route path="/features/:projectId/:name">
            {({ projectId, name }) => (
              <FeatureViewPage projectId={decodeURIComponent(projectId)} name={decodeURIComponent(name)} />
            )}
          </Route>
          <Route path="/pipelines">
            <PipelinesPage />
          </Route>
          <Route path="/pipelines/:projectId/:name">
            {({ projectId, name }) => <PipelinePage projectId={projectId} name={decodeURIComponent(name)} />}
          </Route>
          <Route path="/triggers/backtest">
            <BacktestsPage />
          </Route>
          <Route path="/triggers/backtest/:id">{({ id }) => <BacktestPage id={id} />}</Route>
          <Route path="/runs">
            <RunsPage />
          </Route>
          <Route path="/runs/compare">
            <CompareRunsPage />
          </Route>
          <Route path="/runs/:id">{({ id }) => <RunPage id={id} />}</Route>
          <Route path="/triggers">
            <TriggersPage />
          </Route>
          <Route path="/triggers/:id">{({ id }) => <TriggerPage id={id} />}</Route>
          <Route path="/alerts">
            <AlertsPage />
          </Route>
          <Route path="/alerts/:id">{({ id }) => <AlertPage id={decodeURIComponent(id)} />}</Route>
          <Route path="/models">
            <ModelsPage />
          </Route>
          <Route path="/models/:name">{({ name }) => <ModelPage name={decodeURIComponent(name)} />}</Route>
          <Route path="/models/:name/compare">
            {({ name }) => <CompareVersionsPage name={decodeURIComponent(name)} />}
          </Route>
          <Route path="/models/:name/:version">
            {({ name, version }) => <VersionPage name={decodeURIComponent(name)} version={Number(version)} />}
          </Route>
          <Route path="/lineage">
            <LineagePage />
          </Route>
          <Route path="/endpoints">
            <EndpointsPage />
          </Route>
          <Route path="/endpoints/:name/sql">{({ name }) => <RequestSqlPage name={decodeURIComponent(name)} />}</Route>
          <Route path="/endpoints/:name">{({ name }) => <EndpointPage name={decodeURIComponent(name)} />}</Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </CrashBoundary>
  )
}

function NotFound() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  return (
    <Empty icon={<AlertIcon size={32} />} title={t('app.notFoundTitle')} text={t('app.notFoundText')}>
      <Button variant="default" onClick={() => navigate('/')}>
        {t('app.backToOverview')}
      </Button>
    </Empty>
  )
}

function Crashed() {
  const { t } = useTranslation()
  return (
    <Empty icon={<AlertIcon size={32} />} title={t('app.crashTitle')} text={t('app.crashText')}>
      <Button variant="default" onClick={() => location.reload()}>
        {t('app.reload')}
      </Button>
    </Empty>
  )
}

/** A page that fails to draw must not take the rail with it. */
class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }
  static getDerivedStateFromError() {
    return { crashed: true }
  }
  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children
  }
}
