/**
 * What the article "MLOps: Continuous delivery and automation pipelines in machine learning" asks of maturity level 1, each
 * with an id of ours, and the tests that show it: those whose title names the id.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { code, markdownTable } from './schema-text.ts'

export const requirements = {
  'L1.1': 'The steps of an experiment are orchestrated and follow each other by themselves.',
  'L1.2': 'Models are trained continuously in production on fresh data, started by live triggers.',
  'L1.3': 'The same pipeline runs in development, pre-production and production.',
  'L1.4': 'Components are modular: reusable, composable, shareable.',
  'L1.5': 'Models are delivered continuously: deploying is a step of the pipeline.',
  'L1.6': 'A whole training pipeline is deployed, not just a model.',
  'L1.7': 'Data is validated before training: schema skew stops, value skew retrains.',
  'L1.8': 'Models are validated after training: scores, comparison, segments, deployability.',
  'L1.9': 'A feature store: one definition for experiments, training and serving.',
  'L1.10': 'A metadata store records every execution.',
  'L1.11': 'Triggers start pipelines.',
  M1: 'Versions of the pipeline and of each component.',
  M2: 'Start, end and duration of each step.',
  M3: 'Who or what executed it.',
  M4: 'The parameters.',
  M5: 'Pointers to the artifacts of every step, so that a failed run resumes from the last one completed.',
  M6: 'A pointer to the previous model.',
  M7: 'Metrics of the evaluation on training and on test data.',
  T1: 'On demand.',
  T2: 'On a schedule.',
  T3: 'When new training data is there.',
  T4: 'When the performance of the model falls.',
  T5: 'When the distributions of the data change.',
} as const
export type RequirementId = keyof typeof requirements

export interface ShowingTest {
  /** Relative to the repository. */
  readonly file: string
  readonly title: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const testFiles = ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'e2e/**/*.spec.ts']
const title = /\b(?:it|test|describe)(?:\.\w+)*\(\s*(?<quote>['"`])(?<title>.*?)\k<quote>/gs

/** Ids to the tests that name them, in the order of the ids. */
export function testsOfRequirements(): Map<string, ShowingTest[]> {
  const ids = Object.keys(requirements)
  const found = new Map<string, ShowingTest[]>(ids.map((id) => [id, []]))
  for (const file of globSync(testFiles, { cwd: root }).sort()) {
    for (const match of readFileSync(`${root}/${file}`, 'utf8').matchAll(title)) {
      const text = match.groups?.title ?? ''
      const named = ids.filter((id) => new RegExp(`(?<![\\w.])${id.replace('.', '\\.')}(?!\\.?\\d)`).test(text))
      for (const id of named) found.get(id)?.push({ file: file.replaceAll('\\', '/'), title: text })
    }
  }
  return found
}

export function maturityPageParts(): Record<string, string> {
  const tests = testsOfRequirements()
  const rows = Object.entries(requirements).map(([id, summary]) => [
    id,
    summary,
    [...new Set((tests.get(id) ?? []).map(({ file }) => code(file)))].join('<br>'),
  ])
  return { requirements: markdownTable(['id', 'what is asked', 'shown by the tests of'], rows) }
}
