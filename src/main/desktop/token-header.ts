import type { Session } from 'electron'
import type { EngineRecord } from './engine-record.ts'
import { isOfOrigin } from './origin.ts'

/** Adds the token to what the window asks of the engine, and to nothing else. The page itself never sees it. */
export function addToken(session: Session, engine: () => EngineRecord | undefined): void {
  session.webRequest.onBeforeSendHeaders((details, send) => {
    const known = engine()
    if (known === undefined || !isOfOrigin(details.url, known.controlUrl)) return send({})
    send({ requestHeaders: { ...details.requestHeaders, Authorization: `Bearer ${known.token}` } })
  })
}
