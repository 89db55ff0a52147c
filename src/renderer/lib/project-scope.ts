/** The project that the person is at work on: lists begin with it, unless the address says otherwise. */
import { create } from 'zustand'
import { useSearchParam } from './use-search-param.ts'

const storageKey = 'esteira-project'

const useStored = create<{ projectId: string | undefined }>(() => ({
  projectId: localStorage.getItem(storageKey) ?? undefined,
}))

export function setStoredProject(projectId: string | undefined): void {
  if (projectId === undefined) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, projectId)
  useStored.setState({ projectId })
}

/** Says "all" in an address, where nothing means: the one at work on. */
const all = 'all'

/** The project to show, undefined for all, and the function that changes it here and for all other pages. */
export function useProjectScope(): [string | undefined, (projectId: string | undefined) => void] {
  const [inAddress, setInAddress] = useSearchParam('project')
  const stored = useStored((state) => state.projectId)
  const shown = inAddress ?? stored
  return [
    shown === all ? undefined : shown,
    (projectId) => {
      setStoredProject(projectId)
      if (inAddress !== undefined) setInAddress(projectId ?? all)
    },
  ]
}
