import { describe, expect, it } from 'vitest'
import { countPlaywright, countVitest, sumCounts } from './test-counts.ts'

const vitest = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3, testResults: [] }
const stats = { expected: 5, unexpected: 0, flaky: 0, skipped: 1 }

describe('counts', () => {
  it('of vitest take todo and pending tests as skipped, and a file that cannot be loaded as failed', () => {
    expect(countVitest(vitest)).toEqual({ passed: 7, failed: 1, skipped: 5 })
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{}] },
      { status: 'passed', assertionResults: [{}] },
    ]
    expect(countVitest({ ...vitest, testResults }).failed).toBe(2)
  })

  it('of Playwright take flaky tests and errors outside of tests as failed', () => {
    expect(countPlaywright({ stats })).toEqual({ passed: 5, failed: 0, skipped: 1 })
    expect(countPlaywright({ stats: { ...stats, flaky: 2 }, errors: [{}] })).toMatchObject({ passed: 5, failed: 3 })
  })

  it('never take a suite that did not run as passed', () => {
    for (const report of [undefined, {}, 'text']) {
      expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
      expect(countPlaywright(report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
    }
    expect(countPlaywright({ stats: { ...stats, expected: 0 } })).toEqual({ passed: 0, failed: 1, skipped: 1 })
  })

  it('are summed', () => {
    expect(
      sumCounts([
        { passed: 1, failed: 2, skipped: 3 },
        { passed: 4, failed: 5, skipped: 6 },
      ]),
    ).toEqual({
      passed: 5,
      failed: 7,
      skipped: 9,
    })
  })
})
