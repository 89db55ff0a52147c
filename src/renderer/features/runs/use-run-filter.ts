import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useProjectScope } from '../../lib/project-scope.ts'
import { type RunFilter, readFilter, writeFilter } from './run-filter.ts'

/** Says "all" where an address means every project. */
const allProjects = 'all'

export interface RunFilterState {
  readonly filter: RunFilter
  readonly projectId: string | undefined
  /** What the address asks for, as a saved view keeps it. */
  readonly view: Readonly<Record<string, string>>
  change(part: Partial<RunFilter>): void
  show(view: Readonly<Record<string, string>>): void
}

/** The filter of the runs page: the address holds it, so that it can be shared and survives a reload. */
export function useRunFilter(): RunFilterState {
  const search = useSearch()
  const [, navigate] = useLocation()
  const [projectId] = useProjectScope()
  const filter = useMemo(() => readFilter(new URLSearchParams(search)), [search])
  const show = useCallback(
    (view: Readonly<Record<string, string>>) => {
      const query = new URLSearchParams(view).toString()
      navigate(query === '' ? '/runs' : `/runs?${query}`, { replace: true })
    },
    [navigate],
  )
  const change = useCallback(
    (part: Partial<RunFilter>) => {
      const params = new URLSearchParams(location.search)
      const project = params.get('project')
      show({ ...writeFilter({ ...readFilter(params), ...part }), ...(project !== null && { project }) })
    },
    [show],
  )
  const view = useMemo(() => ({ ...writeFilter(filter), project: projectId ?? allProjects }), [filter, projectId])
  return { filter, projectId, view, change, show }
}
