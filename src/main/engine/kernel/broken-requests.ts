/** What is answered to those who do not speak HTTP as it is meant, before any route hears of it: a problem of the catalogue. */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '#shared/errors.ts'
import { EsteiraError, toProblem } from './errors.ts'

/** By the codes of Node; whatever else there is is not HTTP. */
const known: Readonly<Record<string, { readonly code: ErrorCode; readonly detail: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request-timeout', detail: 'The request did not arrive in time.' },
  HPE_HEADER_OVERFLOW: { code: 'headers-too-large', detail: 'The headers of the request are larger than the limit.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { code: 'body-too-large', detail: 'The chunk extensions of the body are too large.' },
}
const notHttp = { code: 'malformed-http', detail: 'The request is not valid HTTP.' } as const

/** For fastify, as `clientErrorHandler`: answers, and ends the connection. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { code, detail } = known[error.code ?? ''] ?? notHttp
  const problem = toProblem(new EsteiraError(code, detail))
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
      'Content-Type: application/problem+json; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

/** An `Expect` that is not `100-continue` has an answer with a code, where Node alone would give none. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', ({ headers }: IncomingMessage, response: ServerResponse) => {
    const problem = toProblem(
      new EsteiraError('malformed-http', 'The request expects what this server does not do.', {
        where: 'header Expect',
        found: headers.expect ?? '',
        allowed: '100-continue, or nothing',
      }),
    )
    const body = JSON.stringify(problem)
    const plain = { 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' }
    response.writeHead(problem.status, { ...plain, 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
}
