import { createHash } from 'node:crypto'

/** The version of a pipeline: twelve hexadecimal digits of the SHA-256 of its file's text. */
export function pipelineVersionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
