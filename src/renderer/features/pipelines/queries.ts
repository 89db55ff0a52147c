/** The server state that the design of pipelines reads and changes. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PipelineEdit, ProjectTextFile } from '#shared/pipelines.ts'
import { call } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { catalogueOf } from './canvas/connection.ts'
import { componentTexts, translatedComponent } from './component-texts.ts'

/** All but the catalogue hang on the pipelines of their project: what makes those stale makes these stale. */
const keys = {
  components: (language: string) => ['components', language],
  triggers: ['triggers'],
  file: (projectId: string, path: string) => [...queryKeys.pipelines(projectId), 'file', path],
  git: (projectId: string) => [...queryKeys.pipelines(projectId), 'git'],
  versions: (projectId: string, name: string) => [...queryKeys.pipelines(projectId), 'versions', name],
  datasets: (projectId: string) => [...queryKeys.pipelines(projectId), 'datasets'],
  columns: (projectId: string, dataset: string) => [...queryKeys.pipelines(projectId), 'columns', dataset],
  latestRun: (projectId: string, pipeline: string) => [...queryKeys.runs, 'of-pipeline', projectId, pipeline],
} as const

export function useCatalogue() {
  const { language } = useTranslation().i18n
  const query = useQuery({
    queryKey: keys.components(language),
    queryFn: async () => {
      const [components, texts] = await Promise.all([call('listComponents'), componentTexts(language)])
      return components.map((component) => translatedComponent(component, texts))
    },
    staleTime: Infinity,
  })
  const catalogue = useMemo(() => catalogueOf(query.data ?? []), [query.data])
  return { query, catalogue }
}

export const useProjectFile = (projectId: string, path: string | undefined) =>
  useQuery({
    queryKey: keys.file(projectId, path ?? ''),
    queryFn: () => call('readProjectFile', { params: { id: projectId }, query: { path: path ?? '' } }),
    enabled: path !== undefined,
    // A file that people also edit elsewhere.
    refetchOnWindowFocus: true,
  })

export const useProjectGit = (projectId: string) =>
  useQuery({
    queryKey: keys.git(projectId),
    queryFn: () => call('getProjectGit', { params: { id: projectId } }),
    refetchOnWindowFocus: true,
  })

export const usePipelineVersions = (projectId: string, name: string) =>
  useQuery({
    queryKey: keys.versions(projectId, name),
    queryFn: () => call('listPipelineVersions', { params: { id: projectId, name } }),
  })

export const useDatasets = (projectId: string) =>
  useQuery({
    queryKey: keys.datasets(projectId),
    queryFn: () => call('listDatasets', { params: { id: projectId } }),
    retry: false,
  })

/** The columns of a dataset, to offer as names; nothing where it cannot be read. */
export const useDatasetColumns = (projectId: string, dataset: string | undefined) =>
  useQuery({
    queryKey: keys.columns(projectId, dataset ?? ''),
    queryFn: () =>
      call('readDataset', { params: { id: projectId, name: dataset ?? '' }, query: { offset: 0, limit: 1 } }),
    select: ({ columns }) => columns.map((column) => column.name),
    enabled: dataset !== undefined,
    staleTime: 60_000,
    retry: false,
  })

export const useLatestRun = (projectId: string, pipeline: string) =>
  useQuery({
    queryKey: keys.latestRun(projectId, pipeline),
    queryFn: () => call('listRuns', { query: { projectId, pipeline, limit: 1 } }),
    select: ({ items }) => items[0] ?? null,
  })

export const useTriggers = () =>
  useQuery({ queryKey: keys.triggers, queryFn: () => call('listTriggers'), retry: false, staleTime: 30_000 })

export function askForDraft(projectId: string, name: string) {
  return (text: string, edits: readonly PipelineEdit[]) =>
    call('draftPipeline', { params: { id: projectId, name }, body: { text, edits: [...edits] } })
}

/** What a person does with files of a project. Each call brings the cache up to what it did. */
export function useProjectFiles(projectId: string) {
  const client = useQueryClient()
  return useMemo(() => fileActs(client, projectId), [client, projectId])
}

export type ProjectFiles = ReturnType<typeof fileActs>

function fileActs(client: QueryClient, projectId: string) {
  const params = { id: projectId }
  const stale = () => {
    void client.invalidateQueries({ queryKey: queryKeys.pipelines(projectId) })
    void client.invalidateQueries({ queryKey: queryKeys.projects })
  }
  return {
    read: (path: string) =>
      client.fetchQuery({
        queryKey: keys.file(projectId, path),
        queryFn: () => call('readProjectFile', { params, query: { path } }),
        staleTime: 0,
      }),
    /** `expected`: the hash of the text that is replaced; null for a new file. */
    async write(path: string, text: string, expected: string | null): Promise<ProjectTextFile> {
      const written = await call('writeProjectFile', { params, body: { path, text, expected } })
      client.setQueryData(keys.file(projectId, path), written)
      stale()
      return written
    },
    async remove(path: string, expected: string): Promise<void> {
      await call('deleteProjectFile', { params, query: { path, expected } })
      client.removeQueries({ queryKey: keys.file(projectId, path) })
      stale()
    },
    async commit(path: string, message: string) {
      const commit = await call('commitProjectFiles', { params, body: { paths: [path], message } })
      stale()
      return commit
    },
    async startGit() {
      const git = await call('initProjectGit', { params })
      stale()
      return git
    },
  }
}
