/**
 * What keeps other programs and web pages out of the control API: only requests that name this server (a page that
 * re-binds its own host name to 127.0.0.1 does not), that come from no other page, and that carry the token.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
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

const loopbackNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']
const wildcardHosts: readonly string[] = ['0.0.0.0', '::']

/** Where the server listens. */
export interface ListeningAddress {
  readonly host: string
  readonly port: number
}

/**
 * Whether the Host header names this server. Beyond loopback that is the host it was told to listen on; on every
 * interface, any IP address or the machine's name, none of which a foreign page can re-bind.
 */
export function isAllowedHost(header: string | undefined, { host, port }: ListeningAddress): boolean {
  const match = /^(?<name>\[[0-9a-f:.]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/i.exec(header ?? '')
  if (!match?.groups) return false
  if (Number(match.groups.port ?? 80) !== port) return false
  const name = (match.groups.name ?? '').toLowerCase()
  if (loopbackNames.includes(name) || name === bracketed(host).toLowerCase()) return true
  if (!wildcardHosts.includes(host)) return false
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === hostname().toLowerCase()
}

/** An IPv6 address as it is written in URLs and Host headers. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}

/** Browsers send Origin with every request that could change something; other programs send none. */
export function isAllowedOrigin(origin: string | undefined, hostHeader: string | undefined): boolean {
  return origin === undefined || origin.toLowerCase() === `http://${hostHeader ?? ''}`.toLowerCase()
}

/** Whether the Authorization header carries the token; takes the same time wherever they differ. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token)) && token !== ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

interface RequestHeaders {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly authorization?: string | undefined
}

/** @throws EsteiraError `forbidden-host`, `forbidden-origin` */
export function checkSource({ host, origin }: RequestHeaders, address: ListeningAddress): void {
  if (!isAllowedHost(host, address)) {
    throw new EsteiraError('forbidden-host', 'The Host header of the request does not name this server.', {
      found: host ?? 'no Host header',
      allowed: `127.0.0.1:${address.port}, localhost:${address.port}`,
    })
  }
  if (!isAllowedOrigin(origin, host)) {
    throw new EsteiraError('forbidden-origin', 'The request comes from a page of another origin.', {
      found: origin ?? '',
      allowed: `http://${host}`,
    })
  }
}

/** @throws EsteiraError `unauthorized` */
export function checkToken({ authorization }: RequestHeaders, token: string): void {
  if (hasToken(authorization, token)) return
  throw new EsteiraError('unauthorized', 'The request carries no valid token.', {
    where: 'header Authorization',
    found: authorization === undefined ? 'no header' : 'another value',
    allowed: 'Bearer and the token of this engine',
    next: 'The token is in engine.json of the home folder; `esteira open` opens the page with it.',
  })
}
