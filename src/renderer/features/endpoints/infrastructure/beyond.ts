/** What of an infrastructure check is beyond the budget that held for it. Pure. */
import type { InfrastructureCheck } from '#shared/rollout.ts'

export const mebibyte = 1024 ** 2

export interface Beyond {
  readonly answers: boolean
  readonly latency: boolean
  readonly memory: boolean
  /** What no figure tells: why it did not load or did not answer, in the words of the engine. */
  readonly trouble: string | undefined
}

export function beyondBudget({ budget, problems, ...found }: InfrastructureCheck): Beyond {
  const answers = found.maxDifference !== null && found.maxDifference > budget.tolerance
  const latency = found.latencyP99Ms !== null && found.latencyP99Ms > budget.latencyP99Ms
  const memory = found.memoryBytes !== null && found.memoryBytes > budget.memoryMb * mebibyte
  const told = [answers, latency, memory].filter(Boolean).length
  return { answers, latency, memory, trouble: problems.length > told ? problems[0] : undefined }
}
