/** A question to the request log, asked again where a file of it was compacted between the listing and the reading. */
import { EsteiraError } from '../../kernel/errors.ts'
import { type RequestRelation, type RequestSpan, requestRelation } from './relation.ts'

const attempts = 4

/** @throws EsteiraError what `work` throws */
export async function withRequests<T>(
  logPath: string,
  span: RequestSpan,
  work: (requests: RequestRelation) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(await requestRelation(logPath, span))
    } catch (error) {
      const isMoved = error instanceof EsteiraError && error.code === 'dataset-unreadable'
      if (!isMoved || attempt === attempts) throw error
    }
  }
}
