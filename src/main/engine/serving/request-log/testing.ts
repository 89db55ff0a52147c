/** For tests: requests as the inference server hands them to the log. */
import type { Signature } from '#shared/models.ts'
import { rowsToBatch } from '../../training/rows.ts'
import { binarySignature } from '../testing.ts'
import type { AnsweredRequest } from './log-lines.ts'
import type { ServedModel } from './request-log.ts'

export function servedModel(revision = 1, signature: Signature = binarySignature): ServedModel {
  return { model: 'flight-delay', version: revision, revision, projectId: 'p1', signature }
}

interface Request extends Partial<Omit<AnsweredRequest, 'batch' | 'outputs'>> {
  readonly id: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly outputs: readonly number[]
  readonly signature?: Signature
}

export function answeredRequest({ rows, outputs, signature = binarySignature, ...more }: Request): AnsweredRequest {
  const batch = rowsToBatch(signature, rows)
  const usual = { endpoint: 'flights', at: 1_000_000_000_000, latencyMs: 1.5, role: 'answered' } as const
  return { ...usual, ...more, batch, outputs: Float64Array.from(outputs) }
}
