/** One signed request to a webhook. No redirect is followed; the address is checked after its name was looked up, and is the one that is asked. */
import { createHmac } from 'node:crypto'
import { lookup } from 'node:dns'
import { type ClientRequest, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { esteiraVersion } from '../../kernel/version.ts'
import { isLinkLocal, linkLocalRefused } from './link-local.ts'
import type { WebhookTarget } from './webhooks.ts'

const defaultTimeoutMs = 10_000

export interface WebhookRequest {
  /** The same for every attempt: a receiver that has seen it has been told already. */
  readonly deliveryId: string
  /** JSON text. */
  readonly body: string
  /** Epoch ms, which is signed: a receiver can refuse what is old. */
  readonly at: number
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over the seconds, a dot and the body, with the secret of the webhook as key. */
export function webhookSignature(secret: string, at: number, body: string): string {
  const seconds = Math.floor(at / 1_000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** Returns the status where the receiver took it. @throws Error with a reason that holds no secret */
export async function sendToWebhook(target: WebhookTarget, request: WebhookRequest): Promise<number> {
  const { hostname } = new URL(target.url)
  if (!target.allowLinkLocal && isLinkLocal(hostname)) throw linkLocalRefused(hostname)
  const status = await statusOf(target, request)
  if (status >= 200 && status < 300) return status
  throw new Error(`The receiver answered ${status}.`)
}

function statusOf(target: WebhookTarget, request: WebhookRequest): Promise<number> {
  const { body, timeoutMs = defaultTimeoutMs } = request
  return new Promise((resolve, reject) => {
    const url = new URL(target.url)
    const options = {
      method: 'POST',
      headers: headersOf(target, request),
      agent: false as const,
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
      lookup: target.allowLinkLocal ? lookup : checkedLookup,
    }
    const sent: ClientRequest = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
    sent.on('response', (response) => {
      // What it says is not ours to keep.
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', (error) => reject(new Error(reasonOf(error, request.signal, timeoutMs), { cause: error })))
    sent.end(body)
  })
}

function headersOf(target: WebhookTarget, { body, at, deliveryId }: WebhookRequest): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': `Esteira/${esteiraVersion}`,
    'esteira-delivery': deliveryId,
    'esteira-signature': webhookSignature(target.secret, at, body),
    connection: 'close',
  }
}

/** A name may lead anywhere, and elsewhere the next time: what it leads to now is what is checked and asked. */
const checkedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const refused = addresses.find(({ address }) => isLinkLocal(address))
    if (refused !== undefined) return callback(linkLocalRefused(refused.address), '', 0)
    const [first] = addresses
    if (options.all === true) return callback(null, addresses)
    callback(null, first?.address ?? '', first?.family ?? 0)
  })
}

function reasonOf(error: Error, stopped: AbortSignal, timeoutMs: number): string {
  if (stopped.aborted) return 'The engine stopped meanwhile.'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `The receiver did not answer within ${timeoutMs / 1_000} s.`
  }
  return error.message === '' ? 'The receiver cannot be reached.' : error.message
}
