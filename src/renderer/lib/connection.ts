import { create } from 'zustand'
import type { StreamState } from '#shared/event-stream.ts'
import { desktop } from './desktop.ts'
import { currentToken } from './token.ts'

/** How the page stands with the engine. */
export type ConnectionState = StreamState | 'connecting'

export const useConnection = create<{ state: ConnectionState }>(() => ({ state: 'connecting' }))

/** Whether this page may ask anything of the engine: the desktop always, a browser once it has a token. */
export function mayConnect(): boolean {
  return desktop !== undefined || currentToken() !== undefined
}

export function setConnection(state: ConnectionState): void {
  useConnection.setState({ state })
}
