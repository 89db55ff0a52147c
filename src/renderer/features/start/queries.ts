/** What the engine says of a data file from which a project is to be made. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RouteBody } from '#shared/api.ts'
import type { Task } from '#shared/models.ts'
import { call } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'

const previewRows = 50

export const usePreview = (path: string) =>
  useQuery({
    queryKey: ['data-file', path, 'preview'],
    queryFn: () => call('previewDataFile', { body: { path, limit: previewRows } }),
  })

/** What would be learned. The last advice stays shown while another target is looked at. */
export const useAdvice = (path: string, target: string | undefined, task: Task | undefined) =>
  useQuery({
    queryKey: ['data-file', path, 'advice', target, task],
    queryFn: () => call('adviseDataFile', { body: { path, target: target ?? '', ...(task && { task }) } }),
    enabled: target !== undefined,
    placeholderData: keepPreviousData,
  })

type NewProject = NonNullable<RouteBody<'initProject'>>

/** Makes the project and starts its training pipeline. */
export function useMakeProject() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: NewProject) => {
      const { project } = await call('initProject', { body })
      return call('startRun', { body: { projectId: project.id, pipeline: 'train', startedBy: 'gui' } })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.projects }),
  })
}
