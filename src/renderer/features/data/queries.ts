/** The server state of the data pages, and what is done to it. */
import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { RouteBody } from '#shared/api.ts'
import type { AcceptedAnomaly, DatasetInfo, ValidationSubject } from '#shared/data.ts'
import type { DriftHistory, DriftWindow } from '#shared/drift.ts'
import type { Project } from '#shared/projects.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import { firstBlockKey, type RowSource } from '../../components/previews/use-rows.ts'
import { call } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { parseOverlay } from './overlay.ts'

export const dataKeys = {
  datasets: (projectId: string) => ['datasets', projectId] as const,
  rows: (projectId: string, dataset: string) => ['dataset-rows', projectId, dataset] as const,
  statistics: (projectId: string, dataset: string) => ['dataset-statistics', projectId, dataset] as const,
  overlay: (overlay: string | undefined) => ['statistics-overlay', overlay] as const,
  file: (projectId: string, path: string) => ['project-file', projectId, path] as const,
  git: (projectId: string) => ['project-git', projectId] as const,
  /** Everything checked in a project; the key of one check goes on with what is asked. */
  validations: (projectId: string) => ['validation', projectId] as const,
}

const datasetsQuery = (projectId: string) => ({
  queryKey: dataKeys.datasets(projectId),
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listDatasets', { params: { id: projectId } }, { signal }),
  // Data files change outside of the app.
  refetchOnWindowFocus: true,
})

export const useDatasets = (projectId: string) => useQuery(datasetsQuery(projectId))

/** A dataset with the project that declares it. */
export interface OwnedDataset {
  readonly project: Project
  readonly dataset: DatasetInfo
}

/** The datasets of many projects, as far as they have come, and what went wrong in which project. */
export function useDatasetsOf(projects: readonly Project[]) {
  const results = useQueries({ queries: projects.map((project) => datasetsQuery(project.id)) })
  return {
    loading: results.some(({ isPending }) => isPending),
    datasets: results.flatMap(({ data = [] }, index) => {
      const project = projects[index]
      return project === undefined ? [] : data.map((dataset): OwnedDataset => ({ project, dataset }))
    }),
    failures: results.flatMap(({ error }, index) => {
      const project = projects[index]
      return project === undefined || error === null ? [] : [{ project, error }]
    }),
  }
}

/** The rows of a dataset, for `PagedTable`. */
export function useDatasetSource(projectId: string, dataset: string): RowSource {
  return useMemo(() => datasetSource(projectId, dataset), [projectId, dataset])
}

const datasetSource = (projectId: string, dataset: string): RowSource => ({
  key: dataKeys.rows(projectId, dataset),
  load: (offset, limit, signal) =>
    call('readDataset', { params: { id: projectId, name: dataset }, query: { offset, limit } }, { signal }),
})

const columnsSample = 200

/** When the files of the dataset have changed, what was read of them is read again. */
export function useFreshData(projectId: string, { name, bytes, modifiedAt }: DatasetInfo): void {
  const client = useQueryClient()
  const seen = useRef({ bytes, modifiedAt })
  useEffect(() => {
    if (seen.current.bytes === bytes && seen.current.modifiedAt === modifiedAt) return
    seen.current = { bytes, modifiedAt }
    client.invalidateQueries({ queryKey: dataKeys.rows(projectId, name) })
    client.invalidateQueries({ queryKey: dataKeys.statistics(projectId, name) })
    client.invalidateQueries({ queryKey: dataKeys.validations(projectId) })
  }, [client, projectId, name, bytes, modifiedAt])
}

/** The columns of several datasets, as far as they can be read. */
export function useColumnsOf(projectId: string, datasets: readonly string[]) {
  const results = useQueries({
    queries: datasets.map((dataset) => {
      const source = datasetSource(projectId, dataset)
      return {
        queryKey: firstBlockKey(source),
        queryFn: ({ signal }: { signal: AbortSignal }) => source.load(0, columnsSample, signal),
      }
    }),
  })
  return datasets.map((name, index) => ({ name, columns: results[index]?.data?.columns ?? [] }))
}

export const useDatasetStatistics = (projectId: string, dataset: string, enabled = true) =>
  useQuery({
    queryKey: dataKeys.statistics(projectId, dataset),
    queryFn: ({ signal }) => call('getDatasetStatistics', { params: { id: projectId, name: dataset } }, { signal }),
    enabled,
  })

/** The statistics that are laid over others: those of a dataset, or those that a run made. Null where a run has none. */
export const useOverlay = (value: string | undefined) =>
  useQuery({
    queryKey: dataKeys.overlay(value),
    queryFn: ({ signal }) => readOverlay(value, signal),
    enabled: value !== undefined,
  })

async function readOverlay(value: string | undefined, signal: AbortSignal): Promise<Statistics | null> {
  const overlay = parseOverlay(value)
  if (overlay === undefined) return null
  if (overlay.kind === 'dataset') {
    const params = { id: overlay.projectId, name: overlay.dataset }
    return call('getDatasetStatistics', { params }, { signal })
  }
  const run = await call('getRun', { params: { id: overlay.runId } }, { signal })
  const hash = run.steps.map(({ outputs }) => outputs.statistics).find((each) => each !== undefined)
  if (hash === undefined) return null
  const params = { hash, file: 'statistics.json' }
  return statisticsSchema.parse(await call('getArtifactJson', { params }, { signal }))
}

export const useProjectFile = (projectId: string, path: string | undefined) =>
  useQuery({
    queryKey: dataKeys.file(projectId, path ?? ''),
    queryFn: () => call('readProjectFile', { params: { id: projectId }, query: { path: path ?? '' } }),
    enabled: path !== undefined,
    // People and accepted anomalies change it meanwhile.
    refetchOnMount: 'always',
  })

export const useProjectGit = (projectId: string) =>
  useQuery({
    queryKey: dataKeys.git(projectId),
    queryFn: () => call('getProjectGit', { params: { id: projectId } }),
    refetchOnWindowFocus: true,
  })

/** What hangs on the text of a schema file is asked for again. */
function useForgetSchema(projectId: string) {
  const client = useQueryClient()
  return () => {
    client.invalidateQueries({ queryKey: dataKeys.datasets(projectId) })
    client.invalidateQueries({ queryKey: dataKeys.git(projectId) })
    client.invalidateQueries({ queryKey: dataKeys.validations(projectId) })
    client.invalidateQueries({ queryKey: queryKeys.pipelines(projectId) })
  }
}

export function useWriteFile(projectId: string) {
  const client = useQueryClient()
  const forget = useForgetSchema(projectId)
  return useMutation({
    mutationFn: (body: NonNullable<RouteBody<'writeProjectFile'>>) =>
      call('writeProjectFile', { params: { id: projectId }, body }),
    onSuccess: (file) => {
      client.setQueryData(dataKeys.file(projectId, file.path), file)
      forget()
    },
  })
}

export function useCommitFiles(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NonNullable<RouteBody<'commitProjectFiles'>>) =>
      call('commitProjectFiles', { params: { id: projectId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: dataKeys.git(projectId) }),
  })
}

export const useInferSchema = (projectId: string, dataset: string) =>
  useMutation({
    mutationFn: (target: string | undefined) =>
      call('inferSchema', { params: { id: projectId, name: dataset }, body: target === undefined ? {} : { target } }),
  })

export interface ValidationQuestion {
  readonly subject: ValidationSubject
  readonly schemaFile?: string | undefined
  readonly environment?: string | undefined
  /** A dataset to compare with. */
  readonly previous?: string | undefined
}

export const validationKey = (projectId: string, question: ValidationQuestion) =>
  [...dataKeys.validations(projectId), question] as const

export const useValidation = (projectId: string, question: ValidationQuestion) =>
  useQuery({
    queryKey: validationKey(projectId, question),
    queryFn: ({ signal }) => {
      const { subject, schemaFile, environment, previous } = question
      const body = {
        subject,
        ...(schemaFile && { schemaFile }),
        ...(environment && { environment }),
        ...(previous && { previous }),
      }
      return call('validateData', { params: { id: projectId }, body }, { signal })
    },
  })

export function useAcceptAnomaly(projectId: string) {
  const forget = useForgetSchema(projectId)
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NonNullable<RouteBody<'acceptAnomaly'>>) =>
      call('acceptAnomaly', { params: { id: projectId }, body }),
    onSuccess: ({ file }) => {
      client.invalidateQueries({ queryKey: dataKeys.file(projectId, file) })
      forget()
    },
  })
}

/** Adds a step that puts rows aside to a pipeline. */
export function useQuarantineRows(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NonNullable<RouteBody<'quarantineRows'>>) =>
      call('quarantineRows', { params: { id: projectId }, body }),
    onSuccess: ({ file }) => {
      client.invalidateQueries({ queryKey: dataKeys.file(projectId, file) })
      client.invalidateQueries({ queryKey: dataKeys.validations(projectId) })
    },
  })
}

export interface ProposalQuestion {
  readonly file: string
  /** As it is under work. */
  readonly text: string
  readonly limits: boolean
}

/** What the data would add to a schema; asked anew with each change of its text, the answer before kept meanwhile. */
export const useSchemaProposals = (projectId: string, dataset: string, question: ProposalQuestion, enabled: boolean) =>
  useQuery({
    queryKey: [...dataKeys.validations(projectId), 'proposals', dataset, question],
    queryFn: ({ signal }) => {
      const { file, text, limits } = question
      const body = { file, text, ...(limits && { limits }) }
      return call('proposeSchema', { params: { id: projectId, name: dataset }, body }, { signal })
    },
    enabled,
    placeholderData: keepPreviousData,
  })

/** Writes the old text back if the file still is what accepting made of it, and commits that where accepting did. */
export function useTakeBack(projectId: string) {
  const write = useWriteFile(projectId)
  const commit = useCommitFiles(projectId)
  return async ({ file, before, sha256, commit: accepted }: AcceptedAnomaly) => {
    await write.mutateAsync({ path: file, text: before, expected: sha256 })
    if (accepted !== null) await commit.mutateAsync({ paths: [file], message: `Revert "${accepted.subject}"` })
  }
}

export interface DriftHistoryQuestion {
  /** Undefined: the first stretch of time. */
  readonly against: string | undefined
  readonly by: DriftHistory['by'] | undefined
}

export const driftHistoryKey = (projectId: string, dataset: string, question: DriftHistoryQuestion) =>
  [...dataKeys.statistics(projectId, dataset), 'drift-history', question] as const

export const useDriftHistory = (projectId: string, dataset: string, question: DriftHistoryQuestion) =>
  useQuery({
    queryKey: driftHistoryKey(projectId, dataset, question),
    queryFn: ({ signal }) => {
      const { against, by } = question
      const query = { ...(against && { against }), ...(by && { by }) }
      return call('getDriftHistory', { params: { id: projectId, name: dataset }, query }, { signal })
    },
    placeholderData: keepPreviousData,
  })

export interface DriftQuestion extends DriftWindow {
  readonly against: string
}

export const driftKey = (projectId: string, dataset: string, question: DriftQuestion) =>
  [...dataKeys.statistics(projectId, dataset), 'drift', question] as const

export const useDrift = (projectId: string, dataset: string, question: DriftQuestion) =>
  useQuery({
    queryKey: driftKey(projectId, dataset, question),
    queryFn: ({ signal }) => {
      const { from, to, against } = question
      const query = { against, ...(from && { from }), ...(to && { to }) }
      return call('getDatasetDrift', { params: { id: projectId, name: dataset }, query }, { signal })
    },
    placeholderData: keepPreviousData,
  })
