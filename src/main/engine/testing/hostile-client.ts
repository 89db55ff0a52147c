/** For tests: sends what no decent client sends, and tells what came back. */
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'

export interface HostileRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface HostileAnswer {
  /** 0: the connection ended without an answer. */
  readonly status: number
  readonly type: string
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 })

export function closeHostileClient(): void {
  agent.destroy()
}

const none: HostileAnswer = { status: 0, type: '', text: '', headers: {} }

/** Through the client of Node, over kept-alive connections. */
export function ask(
  port: number,
  { method = 'POST', path, headers = {}, body }: HostileRequest,
): Promise<HostileAnswer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, agent, headers: { ...headers } }
    const request = httpRequest(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text: Buffer.concat(parts).toString(),
          headers: response.headers,
        }),
      )
      response.on('error', () => resolve(none))
    })
    // A refused body that is still being sent ends in a reset, which is no answer, but no crash either.
    request.on('error', (error) => ('code' in error && error.code === 'ECONNREFUSED' ? reject(error) : resolve(none)))
    request.end(body)
  })
}

/** Bytes as they are, over a connection of their own. Resolves with all that came back until its end. */
export function sendBytes(port: number, bytes: string | Buffer, { keepOpenMs = 3_000 } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const timer = setTimeout(() => socket.destroy(), keepOpenMs)
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') reject(error)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
  })
}

/** The answers in a text that came over a connection: status and body of each. */
export function answersIn(text: string): { status: number; body: string }[] {
  const answers: { status: number; body: string }[] = []
  let rest = text
  for (;;) {
    const match = /^HTTP\/1\.1 (\d{3})[^\r\n]*\r\n([\s\S]*?)\r\n\r\n/.exec(rest)
    if (match === null) return answers
    const length = Number(/content-length: (\d+)/i.exec(match[2] ?? '')?.[1] ?? 0)
    const from = match[0].length
    answers.push({ status: Number(match[1]), body: rest.slice(from, from + length) })
    rest = rest.slice(from + length)
  }
}
