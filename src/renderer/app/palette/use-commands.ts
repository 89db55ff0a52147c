import { useMantineColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { colorSchemes, languages } from '#shared/desktop.ts'
import { alertPath, useOpenAlerts } from '../../features/alerts/queries.ts'
import { featureViewPath } from '../../features/features/feature-list.ts'
import { useFeatureViews } from '../../features/features/queries.ts'
import { modelImportAddress } from '../../features/models/import/model-file.ts'
import type { RunRequest } from '../../features/pipelines/start-run.tsx'
import { useTriggers } from '../../features/triggers/queries.ts'
import { useFormat } from '../../lib/format.ts'
import { languageNames, setLanguage } from '../../lib/i18n/index.ts'
import { setStoredProject } from '../../lib/project-scope.ts'
import { useEndpoints, useLatestRuns, useModels, useProjects } from '../../lib/queries.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import { places } from '../places.ts'
import { showShortcuts } from '../shortcuts.ts'

export interface Command {
  readonly id: string
  /** What it leads to, in a word: Page, Run … */
  readonly kind: string
  readonly title: string
  readonly hint: string
  run(): void
}

const segment = encodeURIComponent

/** Everything that the palette reaches: pages, projects, pipelines, runs, models, endpoints, datasets, actions. */
export function useCommands(openRun: (request: RunRequest) => void): Command[] {
  const pages = usePageCommands()
  const things = useThingCommands()
  const actions = useActionCommands(openRun)
  return useMemo(() => [...pages, ...actions, ...things], [pages, actions, things])
}

function usePageCommands(): Command[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  return useMemo(
    () =>
      places.map(({ key, href, letter }) => ({
        id: `page-${key}`,
        kind: t('palette.page'),
        title: t(`nav.${key}`),
        hint: `g ${letter}`,
        run: () => navigate(href),
      })),
    [t, navigate],
  )
}

function useThingCommands(): Command[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const format = useFormat()
  const readings = useWords(readingWords)
  const projects = useProjects()
  const runs = useLatestRuns()
  const models = useModels()
  const endpoints = useEndpoints()
  const triggers = useTriggers()
  const alerts = useOpenAlerts()
  const views = useFeatureViews(undefined)
  return useMemo(() => {
    const link = (id: string, kind: string, title: string, hint: string, href: string): Command => ({
      id,
      kind,
      title,
      hint,
      run: () => navigate(href),
    })
    const ofProjects = (projects.data ?? []).flatMap((project) => [
      {
        id: `project-${project.id}`,
        kind: t('common.project'),
        title: project.name,
        hint: project.path,
        run: () => {
          setStoredProject(project.id)
          navigate('/')
        },
      },
      ...project.pipelines.map((name) =>
        link(
          `pipeline-${project.id}-${name}`,
          t('runs.pipeline'),
          name,
          project.name,
          `/pipelines/${project.id}/${segment(name)}`,
        ),
      ),
      ...project.datasets.map((name) =>
        link(
          `dataset-${project.id}-${name}`,
          t('palette.dataset'),
          name,
          project.name,
          `/data/${project.id}/${segment(name)}`,
        ),
      ),
    ])
    return [
      ...ofProjects,
      ...(views.data?.items ?? []).map(({ projectId, project, name }) =>
        link(
          `feature-view-${projectId}-${name}`,
          t('palette.featureView'),
          name,
          project,
          featureViewPath(projectId, name),
        ),
      ),
      ...(models.data ?? []).map(({ name }) =>
        link(`model-${name}`, t('common.model'), name, '', `/models/${segment(name)}`),
      ),
      ...(endpoints.data ?? []).map(({ name }) =>
        link(`endpoint-${name}`, t('palette.endpoint'), name, '', `/endpoints/${segment(name)}`),
      ),
      ...(triggers.data?.triggers ?? []).map(({ id, label, pipeline }) =>
        link(`trigger-${id}`, t('triggers.trigger'), label, pipeline, `/triggers/${id}`),
      ),
      ...(alerts.data?.items ?? []).map((alert) =>
        link(
          `alert-${alert.id}`,
          t('common.alert'),
          `${alert.monitor} ${alert.check}`,
          readings.reason(alert.reading),
          alertPath(alert),
        ),
      ),
      ...(runs.data?.items ?? []).map((run) =>
        link(
          `run-${run.id}`,
          t('common.run'),
          `${run.pipeline} ${run.id.slice(-6)}`,
          `${t(`status.${run.status}`)} ${format.dateTime(run.createdAt)}`,
          `/runs/${run.id}`,
        ),
      ),
    ]
  }, [
    t,
    navigate,
    format,
    readings,
    projects.data,
    runs.data,
    models.data,
    endpoints.data,
    triggers.data,
    alerts.data,
    views.data,
  ])
}

function useActionCommands(openRun: (request: RunRequest) => void): Command[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const projects = useProjects()
  const { setColorScheme } = useMantineColorScheme()
  return useMemo(() => {
    const action = (id: string, title: string, run: () => void, hint = ''): Command => ({
      id: `action-${id}`,
      kind: t('palette.action'),
      title,
      hint,
      run,
    })
    return [
      ...(projects.data ?? []).flatMap((project) =>
        project.pipelines.map((pipeline) =>
          action(
            `run-${project.id}-${pipeline}`,
            t('pipelines.startTitle', { pipeline }),
            () => openRun({ projectId: project.id, pipeline }),
            project.name,
          ),
        ),
      ),
      action('backtest', t('backtest.new'), () => navigate('/triggers/backtest')),
      action('new-project', t('start.title'), () => navigate('/start')),
      action('import-model', t('modelImport.open'), () => navigate(modelImportAddress)),
      ...colorSchemes.map((scheme) =>
        action(`theme-${scheme}`, `${t('preferences.theme')}: ${t(`preferences.${scheme}`)}`, () =>
          setColorScheme(scheme),
        ),
      ),
      ...languages.map((language) =>
        action(`language-${language}`, `${t('preferences.language')}: ${languageNames[language]}`, () =>
          setLanguage(language),
        ),
      ),
      action('shortcuts', t('shortcuts.title'), showShortcuts, '?'),
    ]
  }, [t, navigate, projects.data, setColorScheme, openRun])
}
