import { Skeleton, Stack } from '@mantine/core'
import { type ComponentType, useEffect, useState } from 'react'
import { useConnection } from '../lib/connection.ts'

/** An engine that is still there after this long did not take the code with it. */
const lossMs = 3_000

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
    // Begun with the first drawing: an effect would come later, when the engine may be gone.
    const [first] = useState(() => (Loaded === undefined ? fetch() : undefined))
    useEffect(() => {
      if (first === undefined) return
      let left = false
      let forget = () => {}
      first.then(
        (page) => !left && setShown(() => page),
        (error: unknown) => {
          // A browser may remember that code could not be had: once the engine is there again, the whole page is fetched.
          forget = whenFoundAgain(
            () => location.reload(),
            // Thrown while the page is drawn, it comes to the boundary around it.
            () => !left && setShown(() => () => throwIt(error)),
          )
          if (left) forget()
        },
      )
      return () => {
        left = true
        forget()
      }
    }, [first])
    return Shown === undefined ? <PageSkeleton /> : <Shown {...props} />
  }
  return { Page, fetch: () => void fetch().catch(() => undefined) }
}

/** Calls `found` when the engine, lost about now, is there again; `notLost` when it was there all the while. */
function whenFoundAgain(found: () => void, notLost: () => void): () => void {
  let isLost = useConnection.getState().state !== 'connected'
  const stop = useConnection.subscribe(({ state }) => {
    if (state === 'connected' && isLost) found()
    isLost ||= state !== 'connected'
  })
  const timer = setTimeout(() => !isLost && notLost(), lossMs)
  return () => {
    stop()
    clearTimeout(timer)
  }
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
