import type { Session } from 'electron'
import type { EngineRecord } from './engine-record.ts'
import { isOfOrigin } from './origin.ts'

const unauthorized = 401

/**
 * Adds the token to what the window asks of the engine, and to nothing else. The page itself never sees it.
 * `onRefused`: the engine did not accept it, as when a new one was made meanwhile.
 */
export function addToken(session: Session, engine: () => EngineRecord | undefined, onRefused: () => void): void {
  session.webRequest.onBeforeSendHeaders((details, send) => {
    const known = engine()
    if (known === undefined || !isOfOrigin(details.url, known.controlUrl)) return send({})
    send({ requestHeaders: { ...details.requestHeaders, Authorization: `Bearer ${known.token}` } })
  })
  session.webRequest.onCompleted((details) => {
    if (details.statusCode === unauthorized && isOfOrigin(details.url, engine()?.controlUrl)) onRefused()
  })
}
