import { useCallback } from 'react'
import { useLocation, useSearch } from 'wouter'

/** One value of the address's query, so that what is selected can be shared. Undefined removes it. */
export function useSearchParam(name: string): [string | undefined, (value: string | undefined) => void] {
  const search = useSearch()
  const [path, navigate] = useLocation()
  const value = new URLSearchParams(search).get(name) ?? undefined
  const setValue = useCallback(
    (next: string | undefined) => {
      const params = new URLSearchParams(location.search)
      if (next === undefined) params.delete(name)
      else params.set(name, next)
      const query = params.toString()
      navigate(query === '' ? path : `${path}?${query}`, { replace: true })
    },
    [name, navigate, path],
  )
  return [value, setValue]
}
