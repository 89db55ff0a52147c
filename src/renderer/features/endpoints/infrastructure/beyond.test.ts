import { expect, test } from 'vitest'
import { defaultBudget, type InfrastructureCheck } from '#shared/rollout.ts'
import { beyondBudget, mebibyte } from './beyond.ts'

const passed: InfrastructureCheck = {
  passed: true,
  at: 1,
  artifactHash: 'a',
  budget: { ...defaultBudget, latencyP99Ms: 20, memoryMb: 8 },
  loadMs: 12,
  goldenRequests: 16,
  maxDifference: 1e-9,
  loadRequests: 200,
  latencyP50Ms: 1,
  latencyP99Ms: 20,
  memoryBytes: 8 * mebibyte,
  problems: [],
}
const within = { answers: false, latency: false, memory: false, trouble: undefined }

test('what is at its limit is within it', () => {
  expect(beyondBudget(passed)).toEqual(within)
})

test('each figure beyond its limit is told, and leaves no trouble to tell in words', () => {
  const problems = ['It takes 9.0 MB of memory.']
  expect(beyondBudget({ ...passed, memoryBytes: 9 * mebibyte, problems })).toEqual({ ...within, memory: true })
  expect(beyondBudget({ ...passed, latencyP99Ms: 20.1, problems })).toEqual({ ...within, latency: true })
  expect(beyondBudget({ ...passed, maxDifference: 0.2, problems })).toEqual({ ...within, answers: true })
})

test('a package that does not load has no figures, and its trouble is told', () => {
  const none = { loadMs: null, maxDifference: null, latencyP50Ms: null, latencyP99Ms: null, memoryBytes: null }
  const problems = ['The weights are damaged.']
  expect(beyondBudget({ ...passed, ...none, problems })).toEqual({ ...within, trouble: 'The weights are damaged.' })
})
