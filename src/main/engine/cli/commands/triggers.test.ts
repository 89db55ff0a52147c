/** The command as it is used, in a process of its own. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('../esteira.js', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-triggers-'))
  mkdirSync(join(folder, 'project', 'pipelines'), { recursive: true })
  writeFileSync(join(folder, 'project', 'esteira.yaml'), 'name: flights\n')
  writeFileSync(
    join(folder, 'project', 'pipelines', 'train.yaml'),
    'name: train\nsteps:\n  one: { uses: data/extract, with: { dataset: x } }\ntriggers:\n  - { schedule: "* * * * *", timeZone: UTC }\n',
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

async function esteira(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, '--home', join(folder, 'home'), ...args])
  return stdout
}

test('triggers are listed, paused and resumed; the engine of a command starts none of them', async () => {
  expect(await esteira('triggers')).toContain('No triggers yet')
  await esteira('projects', 'add', join(folder, 'project'))
  expect(await esteira('triggers')).toMatch(/train +schedule \* \* \* \* \* +\d{4}-\d\d-\d\d \d\d:\d\d/)
  expect(await esteira('triggers', 'pause')).toBe('All triggers are paused.\n')
  expect(await esteira('triggers', 'list')).toContain('All triggers are paused; "esteira triggers resume"')
  expect(JSON.parse(await esteira('triggers', 'resume', '--json'))).toMatchObject({
    paused: false,
    triggers: [
      {
        pipeline: 'train',
        condition: { schedule: '* * * * *', timeZone: 'UTC', missed: 'once' },
        lastRunId: null,
        decision: null,
      },
    ],
  })
})
