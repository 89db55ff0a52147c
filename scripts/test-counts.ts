/** Reads how many tests passed from the JSON reports of the test runners. Pure. */
import { z } from 'zod'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 }
/** No report, or one without a single test: nothing was checked, which is no success. */
const nothingRan: Counts = { passed: 0, failed: 1, skipped: 0 }

export function sumCounts(all: readonly Counts[]): Counts {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    noCounts,
  )
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  /** Files that could not be loaded have a failed status and no tests. */
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

export function countVitest(report: unknown): Counts {
  const { data } = vitestReport.safeParse(report)
  if (data === undefined) return nothingRan
  const unloaded = data.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return atLeastOne({
    passed: data.numPassedTests,
    failed: data.numFailedTests + unloaded.length,
    skipped: data.numPendingTests + data.numTodoTests,
  })
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()).default([]),
})

/** A flaky test counts as failed: it did fail. */
export function countPlaywright(report: unknown): Counts {
  const { data } = playwrightReport.safeParse(report)
  if (data === undefined) return nothingRan
  const { expected, unexpected, flaky, skipped } = data.stats
  return atLeastOne({ passed: expected, failed: unexpected + flaky + data.errors.length, skipped })
}

function atLeastOne(counts: Counts): Counts {
  return counts.passed + counts.failed === 0 ? { ...counts, failed: 1 } : counts
}
