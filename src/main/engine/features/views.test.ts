import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listFeatureViews, parseFeatureView, readFeatureView } from './views.ts'

const file = 'features/busy.yaml'
const text = `# How busy an airport is.
name: busy
description: Flights of the last hour
owner: data@example.org
entity: origin
eventTime: hour
knownAt: known
ttl: 6h
query: |
  select origin, hour, known, flights from counts
`

function view(source: string) {
  const parsed = parseFeatureView(source, file)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.view
}

describe('a feature view', () => {
  it('L1.9: is read in one form, with durations in milliseconds', () => {
    expect(view(text)).toEqual({
      name: 'busy',
      file,
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      description: 'Flights of the last hour',
      owner: 'data@example.org',
      entity: ['origin'],
      eventTime: 'hour',
      knownAt: 'known',
      ttlMs: 21_600_000,
      query: 'select origin, hour, known, flights from counts',
    })
    const small = view('name: busy\nentity: [a, b]\neventTime: t\nquery: from x')
    expect(small).toMatchObject({ entity: ['a', 'b'], knownAt: null, ttlMs: null, owner: '' })
  })

  it('L1.9: has another version exactly if something changed that decides its values', () => {
    const version = view(text).version
    const same = [
      text.replace('# How busy an airport is.', ''),
      text.replace('data@example.org', 'someone'),
      text.replace('entity: origin', 'entity: [origin]'),
      text.replace('ttl: 6h', 'ttl: 360m'),
      text.replaceAll('\n', '\r\n'),
    ]
    expect(same.map((variant) => view(variant).version)).toEqual(same.map(() => version))
    const others = [
      text.replace('ttl: 6h', 'ttl: 7h'),
      text.replace('knownAt: known\n', ''),
      text.replace('eventTime: hour', 'eventTime: minute'),
      text.replace('from counts', 'from counts where flights > 0'),
    ].map((variant) => view(variant).version)
    expect(new Set([version, ...others]).size).toBe(5)
  })

  it('L1.9: has all of its problems reported at once, with places and nearest names', () => {
    const broken = parseFeatureView(`name: busy\nentiti: origin\neventTime: 3\nttl: 6 hours\nquery: ''\n`, file)
    const problems = broken.ok ? [] : broken.problems
    expect(problems.map(({ line, column, path, nearest }) => [line, column, path, nearest])).toEqual([
      [1, 1, 'entity', undefined],
      [3, 12, 'eventTime', undefined],
      [4, 6, 'ttl', undefined],
      [5, 8, 'query', undefined],
      [2, 1, 'entiti', 'entity'],
    ])
    expect(problems[2]?.message).toBe('Must be a number with a unit: 90s, 30m, 6h, 3d or 2w.')
  })

  it('L1.9: has the name of its file and uses each column once', () => {
    const parsed = parseFeatureView(text.replace('name: busy', 'name: bsy').replace('known\n', 'Origin\n'), file)
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      { line: 2, column: 7, found: 'bsy', expected: 'busy' },
      { line: 7, message: 'The column "Origin" is named twice: here and in "entity".' },
    ])
  })

  it('may be broken YAML', () => {
    expect(parseFeatureView('name: {', file)).toMatchObject({ ok: false, problems: [{ file, line: 1 }] })
  })
})

describe('the views of a project', () => {
  let project = ''
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'esteira-views-'))
    await mkdir(join(project, 'features'))
    await writeFile(join(project, 'features', 'busy.yaml'), text)
    await writeFile(join(project, 'features', 'Busy.yaml'), text)
    await writeFile(join(project, 'features', 'other.yaml'), 'name: other\n')
    await writeFile(join(project, 'features', 'notes.md'), 'not a view')
  })
  afterAll(() => rm(project, { recursive: true }))

  it('are those that can be read, beside every problem of the others', async () => {
    const { views, problems } = await listFeatureViews(project)
    expect(views).toEqual([])
    expect(problems.map((problem) => [problem.file, problem.path])).toEqual([
      ['features/Busy.yaml', 'name'],
      ['features/busy.yaml', undefined],
      ['features/other.yaml', 'entity'],
      ['features/other.yaml', 'eventTime'],
      ['features/other.yaml', 'query'],
    ])
    expect(await listFeatureViews(join(project, 'nowhere'))).toEqual({ views: [], problems: [] })
  })

  it('are found by name, or the nearest one is named', async () => {
    expect((await readFeatureView(project, 'busy')).text).toBe(text)
    await expect(readFeatureView(project, 'buzy')).rejects.toMatchObject({
      code: 'feature-view-not-found',
      context: { nearest: expect.stringMatching(/busy/i) },
    })
    await expect(readFeatureView(project, 'other')).rejects.toMatchObject({ code: 'feature-view-invalid' })
  })
})
