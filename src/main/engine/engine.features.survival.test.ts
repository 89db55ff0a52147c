/** What the feature of the sample is worth. In the slow part: it trains two models on 80,000 flights. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { createProjectClient } from './testing/project-client.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-gain-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The AUC on all of March of the sample's model, trained on January and February. */
async function aucOnMarch(name: string, change: (pipeline: string) => string): Promise<number> {
  const project = join(root, name)
  cpSync(join(resourcesPath, 'samples', 'flight-delay'), project, { recursive: true })
  for (const pipeline of ['train', 'watch']) {
    const file = join(project, 'pipelines', `${pipeline}.yaml`)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }
  const engine = await Engine.start({ home: join(root, `${name}-home`), port: 0, inferencePort: 0, background: false })
  try {
    const client = createProjectClient(engine)
    await engine.runs.ended(await client.startRun(project, 'train'))
    const id = await client.startRun(project, 'watch')
    await engine.runs.ended(id)
    const { status, metrics, steps } = await client.call('getRun', { params: { id } })
    expect(status).toBe('succeeded')
    expect(steps.find((step) => step.name === 'score')?.values.rows).toBe(40_000)
    return metrics.auc ?? 0
  } finally {
    await engine.stop()
  }
}

/** The pipeline without its feature step. */
function withoutFeature(pipeline: string): string {
  const step = /^ {2}features:\n(?: {4}.*\n)+/m
  expect(pipeline).toMatch(step)
  return pipeline.replace(step, '').replaceAll('{ data: features }', '{ data: extract }')
}

it('L1.9: the sample gains at least 0.04 AUC on March by the lateness of the origin', async () => {
  const without = await aucOnMarch('without', withoutFeature)
  const withFeature = await aucOnMarch('with', (pipeline) => pipeline)
  expect(withFeature - without).toBeGreaterThanOrEqual(0.04)
}, 600_000)
