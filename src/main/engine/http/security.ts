/** What keeps other programs and web pages out of the control API, beside the guard of every server (loopback-guard.ts). */
import { createHash, timingSafeEqual } from 'node:crypto'
import { EsteiraError } from '../kernel/errors.ts'

/** On every response. Styles may be inline because the component library sets them on elements. */
export const securityHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    // The inference server listens on a port of its own.
    "connect-src 'self' http://127.0.0.1:*",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const

/** Whether the Authorization header carries the token; takes the same time wherever they differ. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token)) && token !== ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** @throws EsteiraError `unauthorized` */
export function checkToken(authorization: string | undefined, token: string): void {
  if (hasToken(authorization, token)) return
  throw new EsteiraError('unauthorized', 'The request carries no valid token.', {
    where: 'header Authorization',
    found: authorization === undefined ? 'no header' : 'another value',
    allowed: 'Bearer and the token of this engine',
    next: 'The token is in engine.json of the home folder; `esteira open` opens the page with it.',
  })
}
