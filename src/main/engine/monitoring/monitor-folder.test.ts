import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readMonitor, readMonitors } from './monitor-folder.ts'

let path: string
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'esteira-monitors-'))
  await mkdir(join(path, 'monitors'))
  const text = (name: string) => `name: ${name}\nendpoint: late\nchecks: { load: { kind: traffic } }\n`
  await writeFile(join(path, 'monitors', 'good.yaml'), text('good'))
  await writeFile(join(path, 'monitors', 'bad.yaml'), text('other'))
  await writeFile(join(path, 'monitors', '.hidden.yaml'), '')
})
afterAll(() => rm(path, { recursive: true }))

it('reads the monitors of a folder, and the problems of those that are not in order', async () => {
  const { monitors, problems } = await readMonitors({ id: 'p', path })
  expect(monitors.map(({ name }) => name)).toEqual(['good'])
  expect(problems).toMatchObject([{ file: 'monitors/bad.yaml', line: 1, found: 'other', expected: 'bad' }])
  expect(await readMonitors({ id: 'p', path: join(path, 'nowhere') })).toEqual({ monitors: [], problems: [] })
})

it('says which monitors there are, and what is wrong with one', async () => {
  await expect(readMonitor({ id: 'p', path }, 'god')).rejects.toMatchObject({
    code: 'monitor-not-found',
    context: { allowed: 'bad, good', nearest: 'good' },
  })
  await expect(readMonitor({ id: 'p', path }, 'bad')).rejects.toMatchObject({
    code: 'monitor-invalid',
    context: { problems: [{ line: 1 }] },
  })
  expect(await readMonitor({ id: 'p', path }, 'good')).toMatchObject({ name: 'good', endpoint: 'late' })
})
