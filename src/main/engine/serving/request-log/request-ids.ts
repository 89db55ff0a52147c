/** The id by which a caller, the log and the ground truth speak of a request. */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export const requestIdHeader = 'x-request-id'
const maxLength = 200
/** What a header can hold. */
const printable = /^[\x21-\x7e]+$/

/** Makes ids that are unique over threads and starts, at next to no cost: a random beginning, then a count. */
export function requestIds(): () => string {
  const prefix = randomBytes(9).toString('base64url')
  let count = 0
  return () => `${prefix}-${(count++).toString(36).padStart(6, '0')}`
}

/** The id that the caller gave in the header; undefined where there is none that can be kept. */
export function givenId(headers: IncomingHttpHeaders): string | undefined {
  const given = headers[requestIdHeader]
  return typeof given === 'string' && isUsable(given) && printable.test(given) ? given : undefined
}

/** Whether an id in a body can be logged as it is. */
export function isUsable(id: string): boolean {
  return id.length > 0 && id.length <= maxLength
}

/** As a header can hold it. */
export function idInHeader(id: string): string {
  return printable.test(id) ? id : encodeURIComponent(id.toWellFormed())
}

/**
 * Whether a request is in the sample: the same for the same id and rate, in every process. FNV-1a, then mixed, as ids that
 * count differ in their last characters alone.
 */
export function isSampled(id: string, rate: number): boolean {
  if (rate >= 1) return true
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < rate
}
