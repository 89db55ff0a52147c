/**
 * Whether a request may come in at all. A page of any site can make a browser send requests to this machine; its Origin
 * gives it away, and after DNS rebinding its Host does.
 */
import { EsteiraError } from '../kernel/errors.ts'

export interface RequestHeaders {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

/** Servers listen here alone. */
export const loopbackAddress = '127.0.0.1'
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** The values of the Host header that name a loopback server at the port. */
export function loopbackHosts(port: number): ReadonlySet<string> {
  const hosts = loopbackNames.map((name) => `${name}:${port}`)
  return new Set(port === 80 ? [...hosts, ...loopbackNames] : hosts)
}

/**
 * Refuses a Host that is not allowed, and whatever a browser sends for a page of another origin that is not allowed either.
 * @throws EsteiraError `forbidden-host`, `forbidden-origin`
 */
export function guardRequest(
  headers: RequestHeaders,
  allowedHosts: ReadonlySet<string>,
  isAllowedOrigin: (origin: string) => boolean = () => false,
  scheme: 'http' | 'https' = 'http',
): void {
  const { host, origin } = headers
  if (host === undefined || !allowedHosts.has(host.toLowerCase())) {
    throw new EsteiraError('forbidden-host', 'The Host header does not name this server.', {
      found: host ?? 'no Host header',
      allowed: [...allowedHosts].join(', '),
    })
  }
  if (origin !== undefined && isAllowedOrigin(origin)) return
  const crossSite = headers['sec-fetch-site'] === 'cross-site'
  if (origin === undefined ? !crossSite : origin.toLowerCase() === `${scheme}://${host.toLowerCase()}`) return
  throw new EsteiraError('forbidden-origin', 'Pages of other origins may not use this server.', {
    found: origin ?? 'a cross-site request',
    allowed: `${scheme}://${host}`,
    next: 'Call it from a program, or from a page that this server serves.',
  })
}
