/**
 * The inference server for other machines: a second listener in front of the same app, so that what runs on this machine
 * goes on asking the loopback one. From outside an endpoint answers only with a key, and only what endpoints need is there.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { FastifyInstance } from 'fastify'
import { EsteiraError } from '../kernel/errors.ts'

export interface OutsideAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** The names and addresses by which callers may know the machine, without port. */
  readonly names: readonly string[]
  /** PEM. Left out: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
}

export interface OutsideRules {
  /** The values of the Host header that name this server. */
  readonly hosts: ReadonlySet<string>
  readonly scheme: 'http' | 'https'
}

const arrived = new WeakMap<IncomingMessage, OutsideRules>()

/** What a request from outside is held to; undefined for one that came over loopback. */
export function outsideRules(request: IncomingMessage): OutsideRules | undefined {
  return arrived.get(request)
}

/** Whether the path is there for other machines: endpoints, and whether the server lives. */
export function isForOutside(url: string): boolean {
  return /^\/(?:models\/|v2(?:$|[/?]))/.test(url)
}

export interface OutsideListener {
  readonly port: number
  close(): Promise<void>
}

/** @throws EsteiraError `port-in-use`, `invalid-usage` for an address or a certificate that cannot be used */
export async function openOutside(app: FastifyInstance, address: OutsideAddress): Promise<OutsideListener> {
  const { host, tls } = address
  await app.ready()
  let rules: OutsideRules | undefined
  const answer: Parameters<typeof createServer>[1] = (request, response) => {
    if (rules !== undefined) arrived.set(request, rules)
    app.routing(request, response)
  }
  const server = tls === undefined ? createServer({}, answer) : createSecure(tls, answer)
  // The limits of the loopback listener, against clients that are slow on purpose.
  server.requestTimeout = app.server.requestTimeout
  server.headersTimeout = app.server.headersTimeout
  server.keepAliveTimeout = app.server.keepAliveTimeout
  const port = await listenAt(server, address)
  const scheme = tls === undefined ? 'http' : 'https'
  rules = { hosts: hostsOf([host, ...address.names], port, scheme), scheme }
  return { port, close: () => closeServer(server) }
}

function createSecure(tls: NonNullable<OutsideAddress['tls']>, answer: Parameters<typeof createServer>[1]): Server {
  try {
    return createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, answer)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EsteiraError('invalid-usage', `The certificate and its key cannot be used: ${reason}.`, {
      where: '--tls-cert, --tls-key',
      next: 'Give a certificate and the private key that belongs to it, both as PEM and without a passphrase.',
      cause,
    })
  }
}

function hostsOf(names: readonly string[], port: number, scheme: OutsideRules['scheme']): ReadonlySet<string> {
  const written = names.map((name) => (name.includes(':') ? `[${name}]` : name).toLowerCase())
  const usual = scheme === 'https' ? 443 : 80
  return new Set(written.flatMap((name) => (port === usual ? [name, `${name}:${port}`] : [`${name}:${port}`])))
}

function listenAt(server: Server, { host, port }: OutsideAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE'
      const detail = inUse ? `Port ${port} is already in use.` : `The address cannot be listened at: ${cause.message}.`
      reject(new EsteiraError(inUse ? 'port-in-use' : 'invalid-usage', detail, { where: `${host}:${port}`, cause }))
    })
    server.listen({ host, port }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
