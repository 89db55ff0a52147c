import { type ComponentType, lazy } from 'react'

type Load<Props extends object> = () => Promise<{ default: ComponentType<Props> }>

export interface LazyPage<Props extends object> {
  readonly Page: ComponentType<Props>
  /** Fetches its code, so that it shows at once when it is opened. What fails is fetched again when it is needed. */
  readonly fetch: () => void
}

/**
 * A page whose code is fetched when it is first shown, or ahead of that. React shows what stands in for code on its way for
 * at least 300 ms; a page whose code is there must not go through that.
 */
export function lazyPage<Props extends object>(load: Load<Props>): LazyPage<Props> {
  let Loaded: ComponentType<Props> | undefined
  const fetch = async () => {
    const loaded = await load()
    Loaded = loaded.default
    return loaded
  }
  const OnItsWay: ComponentType<Props> = lazy(fetch)
  return {
    Page: (props) => (Loaded === undefined ? <OnItsWay {...props} /> : <Loaded {...props} />),
    fetch: () => void fetch().catch(() => undefined),
  }
}
