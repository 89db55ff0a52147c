/** The command as it is used, in processes of its own that attach to a running engine. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('../esteira.js', import.meta.url))

let folder: string
let project: string
let engine: ChildProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-schema-'))
  project = join(folder, 'project')
  mkdirSync(project, { recursive: true })
  const rows = (size: number) =>
    Array.from({ length: 100 }, (_, row) => `${row * size},${['red', 'green'][row % 2]},${row % 3 === 0}`)
  writeFileSync(join(project, 'things.csv'), `size,colour,heavy\n${rows(1).join('\n')}\n`)
  writeFileSync(join(project, 'later.csv'), `size,colour,heavy\n${rows(50).join('\n')}\n`)
  writeFileSync(
    join(project, 'esteira.yaml'),
    'name: things\ndatasets:\n  things: { path: things.csv }\n  later: { path: later.csv }\n',
  )
  const serve = ['serve', '--port', '0', '--inference-port', '0', '--json']
  engine = spawn(process.execPath, [launcher, '--home', join(folder, 'home'), ...serve], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  if (engine.stdout === null) throw new Error('stdout is a pipe')
  await once(engine.stdout, 'data')
})
afterAll(async () => {
  const ended = once(engine, 'exit')
  engine.kill()
  await ended
  rmSync(folder, { recursive: true })
})

function esteira(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const all = [launcher, '--home', join(folder, 'home'), 'schema', ...args, '--project', project]
  return new Promise((done) =>
    execFile(process.execPath, all, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    }),
  )
}

test('a schema is inferred, checked, changed by hand, and only ever added to', async () => {
  const file = join(project, 'schemas', 'things.yaml')
  expect((await esteira('show', 'things')).stderr).toContain('esteira schema infer things --write')
  expect((await esteira('infer', 'things')).stdout).toContain('values: [ green, red ]')
  expect((await esteira('infer', 'things', '--target', 'heavy', '--write')).stdout).toBe(
    'Written: schemas/things.yaml\n',
  )
  expect((await esteira('infer', 'things', '--write')).code).toBe(1)
  expect((await esteira('update', 'things')).stdout).toBe('The data adds nothing to schemas/things.yaml.\n')

  const decided = 'columns:\n  size: { type: integer } # of a thing\n  colour: { type: text, presence: {} }\n'
  writeFileSync(file, decided)
  const proposed = await esteira('update', 'things')
  expect(proposed.stdout).toContain('1. Asks for the column "size" to be there.')
  expect(proposed.stdout).toContain('   +   heavy: { type: boolean, presence: { minFraction: 1, minCount: 1 } }')
  expect(proposed.stdout).toContain('Nothing is written.')
  expect(readFileSync(file, 'utf8')).toBe(decided)
  expect((await esteira('update', 'things', '--accept', '9')).stderr).toContain('1 to 3')
  expect((await esteira('update', 'things', '--accept', '2,3')).stdout).toContain('2 of 3')
  expect(readFileSync(file, 'utf8')).toContain('size: { type: integer } # of a thing\n')
  expect(readFileSync(file, 'utf8')).toContain('domain: { values: [green, red] }')

  const good = await esteira('check', 'things', '--previous', 'later')
  expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('values: RETRAIN (size)')])
  expect(good.stdout).toContain('schema: go on (0 errors, 0 warnings)')
  writeFileSync(file, readFileSync(file, 'utf8').replace('[green, red]', '[green]'))
  const bad = await esteira('check', 'things', '--json')
  expect([bad.code, JSON.parse(bad.stdout)]).toMatchObject([1, { verdicts: { schema: { stop: true, errors: 1 } } }])
})
