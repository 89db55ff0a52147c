/** HTTP to an engine on this machine. Plain node:http starts faster than fetch, and follows an endless stream. */
import { type IncomingMessage, request as sendRequest } from 'node:http'
import type { Send } from '#shared/client.ts'
import { EsteiraError } from '../kernel/errors.ts'

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly signal?: AbortSignal
  /** How long nothing may come. */
  readonly timeoutMs?: number
}

/** @throws EsteiraError `engine-unreachable` */
export function openResponse(url: string, { body, timeoutMs, ...options }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(url, { ...options, agent: false }, resolve)
    if (timeoutMs !== undefined) request.setTimeout(timeoutMs, () => request.destroy(new Error('no answer in time')))
    request.on('error', (error) => reject(unreachable(url, error)))
    request.end(body)
  })
}

/** The whole answer. @throws EsteiraError `engine-unreachable` */
export async function sendTo(url: string, sent: Sent): Promise<{ status: number; text: string }> {
  const response = await openResponse(url, sent)
  const parts: Buffer[] = []
  try {
    for await (const part of response) parts.push(part)
  } catch (error) {
    throw unreachable(url, error)
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }
}

/** What `createClient` sends with. */
export function sender(controlUrl: string, token: string): Send {
  return async (path, init) => {
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    const { status, text } = await sendTo(controlUrl + path, { ...init, headers })
    return { status, json: async () => JSON.parse(text) }
  }
}

function unreachable(url: string, error: unknown): EsteiraError {
  const reason = error instanceof Error ? error.message : String(error)
  return new EsteiraError('engine-unreachable', `The engine does not answer: ${reason}.`, {
    where: new URL(url).origin,
    next: 'Try again; "esteira doctor" shows whether one is running.',
    cause: error,
  })
}
