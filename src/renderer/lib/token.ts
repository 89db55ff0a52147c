/** The token of the engine, as a browser keeps it: for this tab and no longer. The desktop needs none. */

const storageKey = 'esteira-token'
const fragmentName = 'token'

/** Reads `#token=…`; undefined where the fragment holds none. */
export function tokenOfFragment(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get(fragmentName)
  return token === null || token === '' ? undefined : token
}

export function currentToken(): string | undefined {
  return sessionStorage.getItem(storageKey) ?? undefined
}

export function keepToken(token: string): void {
  sessionStorage.setItem(storageKey, token)
}

/** Keeps a token that came with the address and strips it from there. Returns whether there was one. */
export function takeTokenFromAddress(): boolean {
  const token = tokenOfFragment(location.hash)
  if (token === undefined) return false
  keepToken(token)
  history.replaceState(history.state, '', location.pathname + location.search)
  return true
}
