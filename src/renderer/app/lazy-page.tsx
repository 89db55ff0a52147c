import { Skeleton, Stack } from '@mantine/core'
import { type ComponentType, useEffect, useState } from 'react'

type Load<Props extends object> = () => Promise<{ default: ComponentType<Props> }>

export interface LazyPage<Props extends object> {
  readonly Page: ComponentType<Props>
  /** Fetches its code, so that it shows at once when it is opened. What fails is fetched again when it is needed. */
  readonly fetch: () => void
}

/**
 * A page whose code is fetched when it is first shown, or ahead of that. Not by `Suspense`: React then shows what stands in
 * for at least 300 ms, while the code comes from this machine in a tenth of that.
 */
export function lazyPage<Props extends object>(load: Load<Props>): LazyPage<Props> {
  let Loaded: ComponentType<Props> | undefined
  const fetch = async () => {
    const loaded = await load()
    Loaded = loaded.default
    return loaded.default
  }
  function Page(props: Props) {
    const [Shown, setShown] = useState(() => Loaded)
    useEffect(() => {
      if (Shown !== undefined) return
      const show = (page: () => ComponentType<Props>) => !left && setShown(page)
      let left = false
      fetch().then(
        (page) => show(() => page),
        // Thrown while the page is drawn, it comes to the boundary around it.
        (error: unknown) => show(() => throwIt(error)),
      )
      return () => {
        left = true
      }
    }, [Shown])
    return Shown === undefined ? <PageSkeleton /> : <Shown {...props} />
  }
  return { Page, fetch: () => void fetch().catch(() => undefined) }
}

function throwIt(error: unknown): never {
  throw error
}

/** Stands in while the code of a page is on its way. */
export function PageSkeleton() {
  return (
    <Stack gap={14} p="14px 20px" aria-busy="true">
      <Skeleton height={26} width={220} />
      <Skeleton height={220} />
    </Stack>
  )
}
