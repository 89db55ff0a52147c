import { Button, Skeleton, Stack } from '@mantine/core'
import { Component, lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch, useLocation } from 'wouter'
import { Empty } from '../components/empty.tsx'
import { AlertIcon } from '../components/icons.tsx'
import { OverviewPage } from '../features/overview/overview-page.tsx'
import { lazyPage } from './lazy-page.tsx'

const PipelinesPage = lazy(() => import('../features/pipelines/pipelines-page.tsx'))
const PipelinePage = lazy(() => import('../features/pipelines/pipeline-page.tsx'))
/** The page that is opened most. */
const { Page: RunsPage, fetch: fetchRunsPage } = lazyPage(() => import('../features/runs/runs-page.tsx'))
const RunPage = lazy(() => import('../features/runs/run-page.tsx'))
const CompareRunsPage = lazy(() => import('../features/runs/compare-page.tsx'))
const ModelsPage = lazy(() => import('../features/models/models-page.tsx'))
const ModelPage = lazy(() => import('../features/models/model-page.tsx'))
const VersionPage = lazy(() => import('../features/models/version-page.tsx'))
const CompareVersionsPage = lazy(() => import('../features/models/compare-page.tsx'))
const AlertsPage = lazy(() => import('../features/alerts/alerts-page.tsx'))
const AlertPage = lazy(() => import('../features/alerts/alert-page.tsx'))
const BacktestsPage = lazy(() => import('../features/backtest/backtests-page.tsx'))
const BacktestPage = lazy(() => import('../features/backtest/backtest-page.tsx'))
const LineagePage = lazy(() => import('../features/lineage/lineage-page.tsx'))
const StartPage = lazy(() => import('../features/start/start-page.tsx'))
const DataPage = lazy(() => import('../features/data/data-page.tsx'))
const DatasetPage = lazy(() => import('../features/data/dataset-page.tsx'))
const SqlPage = lazy(() => import('../features/data/sql/sql-page.tsx'))
const ValidationPage = lazy(() => import('../features/data/validation/validation-page.tsx'))
const TriggersPage = lazy(() => import('../features/triggers/triggers-page.tsx'))
const TriggerPage = lazy(() => import('../features/triggers/trigger-page.tsx'))
const FeaturesPage = lazy(() => import('../features/features/features-page.tsx'))
const FeatureViewPage = lazy(() => import('../features/features/feature-view-page.tsx'))
const SettingsPage = lazy(() => import('../features/settings/settings-page.tsx'))
const EndpointsPage = lazy(() => import('../features/endpoints/endpoints-page.tsx'))
const EndpointPage = lazy(() => import('../features/endpoints/endpoint-page.tsx'))

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
          <Route path="/endpoints/:name">{({ name }) => <EndpointPage name={decodeURIComponent(name)} />}</Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </CrashBoundary>
  )
}

/** Stands in while the code of a page is on its way. */
function PageSkeleton() {
  return (
    <Stack gap={14} p="14px 20px" aria-busy="true">
      <Skeleton height={26} width={220} />
      <Skeleton height={220} />
    </Stack>
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
