/** Reads the body of an inference request: its JSON, and the bytes of the binary data extension behind it. */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EsteiraError } from '../kernel/errors.ts'
import { jsonLengthHeader } from './binary-tensors.ts'
import { type ParseText, type RequestBodies, textParser } from './request-bodies.ts'

export interface InferBody {
  /** Of the request, where its JSON has one. */
  readonly id: unknown
  /** The JSON, in which integers beyond 2^53 are bigints, so that no digit is lost. */
  readonly content: unknown
  readonly tail: Buffer
}

/** What Triton's clients send: nothing where there is binary data. */
const takenTypes = ['application/json', 'application/octet-stream', '']

/** In place of the parsers that the scope would inherit. */
export function addInferParser(scope: FastifyInstance, bodies: RequestBodies): void {
  const parseText = textParser(scope)
  const parse: ParseText = (request, text) => exact(text, parseText(request, text))
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      checkType(request)
      const length = jsonLength(request.headers[jsonLengthHeader], body.length)
      bodies.read(request, utf8(body.subarray(0, length)), parse, (error, content) => {
        if (error !== null) done(error)
        else done(null, inferBody(content, body.subarray(length)))
      })
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

function inferBody(content: unknown, tail: Buffer): InferBody {
  const id = typeof content === 'object' && content !== null && 'id' in content ? content.id : undefined
  return { id, content, tail }
}

function checkType({ headers }: FastifyRequest): void {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (takenTypes.includes(type)) return
  throw new EsteiraError('invalid-request', 'The content type of the body is not one of the protocol.', {
    where: 'Content-Type',
    found: type.slice(0, 100),
    allowed: 'application/json, or application/octet-stream with binary data',
  })
}

/** How many bytes of the body are JSON. */
function jsonLength(header: unknown, bodyLength: number): number {
  if (header === undefined) return bodyLength
  const length = typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : Number.NaN
  if (length <= bodyLength) return length
  throw new EsteiraError('invalid-request', 'The length of the JSON in the body is not valid.', {
    where: 'Inference-Header-Content-Length',
    found: String(header).slice(0, 100),
    allowed: `up to ${bodyLength}, the length of the body in bytes`,
  })
}

function utf8(bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return bytes
  throw new EsteiraError('invalid-request', 'The JSON of the body is not UTF-8.', {
    where: 'body',
    next: 'Where binary data follows the JSON, Inference-Header-Content-Length tells the length of the JSON in bytes.',
  })
}

/** Sixteen digits in a row are rare, and reading all of it once more takes its time. */
function exact(text: string, content: unknown): unknown {
  if (!/[^.\d]\d{16}/.test(text)) return content
  try {
    return JSON.parse(text, exactInteger)
  } catch {
    throw new EsteiraError('invalid-request', 'The JSON of the body is nested too deeply.', { where: 'body' })
  }
}

function exactInteger(_key: string, value: unknown, ...[context]: readonly unknown[]): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const isKnown = typeof context === 'object' && context !== null && 'source' in context
  const source = isKnown ? context.source : undefined
  return typeof source === 'string' && /^-?\d{1,40}$/.test(source) ? BigInt(source) : value
}
