import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc, { property, string } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { givenArguments, pageOfArguments } from './given.ts'
import { pageOfDeepLink, startPage } from './page-path.ts'

describe('pageOfDeepLink', () => {
  it.each([
    ['esteira://runs/01J8ZC', '/runs/01J8ZC'],
    ['esteira://runs/42?tab=log', '/runs/42?tab=log'],
    ['esteira:///models/flight-delay/3', '/models/flight-delay/3'],
    ['ESTEIRA:runs', '/runs'],
    ['esteira://', '/'],
    ['esteira://pipelines/p1/my%20pipeline', '/pipelines/p1/my%20pipeline'],
    ['esteira://runs/../settings', '/settings'],
    ['esteira:/\t/\\:example.com', '/:example.com'],
    // The app takes a token from a fragment.
    ['esteira://runs#token=evil', '/runs'],
  ])('%s is %s', (link, page) => {
    expect(pageOfDeepLink(link)).toBe(page)
  })
  it.each(['https://example.com/', 'javascript:alert(1)', 'xesteira://runs', 'esteira://runs/..//example.com', ''])(
    '%s is no page',
    (link) => {
      expect(pageOfDeepLink(link)).toBeUndefined()
    },
  )
  it('never leads away from the engine', () => {
    const origin = 'http://127.0.0.1:4870'
    const rest = fc.oneof(
      string({ unit: 'binary', maxLength: 40 }),
      fc.stringMatching(/^[/\\@:.\t\n a-c]{0,12}example\.com$/),
    )
    fc.assert(
      property(rest, (text) => {
        const page = pageOfDeepLink(`esteira:${text}`)
        if (page === undefined) return
        expect(page.startsWith('//')).toBe(false)
        expect(new URL(page, origin).origin).toBe(origin)
        expect(new URL(origin + page).origin).toBe(origin)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('givenArguments', () => {
  it('leaves out options, their values and the app itself', () => {
    expect(givenArguments(['/usr/bin/esteira', '--home', '/h', 'a.csv', '--hidden'], true)).toEqual(['a.csv'])
    expect(givenArguments(['electron', '--no-sandbox', '.', '--port', '0', 'esteira://runs'], false)).toEqual([
      'esteira://runs',
    ])
    expect(givenArguments(['/usr/bin/esteira'], true)).toEqual([])
  })
})

describe('pageOfArguments', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'esteira given '))
    await mkdir(join(folder, 'project'))
    await writeFile(join(folder, 'project/esteira.yaml'), '')
    await writeFile(join(folder, 'data é.csv'), '')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('opens a folder, the folder of a project file, and a data file', () => {
    const project = startPage('folder', join(folder, 'project'))
    expect(pageOfArguments(['project'], folder)).toBe(project)
    expect(pageOfArguments([join(folder, 'project/esteira.yaml')], '/')).toBe(project)
    const data = startPage('file', join(folder, 'data é.csv'))
    expect(pageOfArguments(['data é.csv'], folder)).toBe(data)
    expect(pageOfArguments([pathToFileURL(join(folder, 'data é.csv')).href], '/')).toBe(data)
  })
  it('passes over what does not exist, and takes the first that means something', () => {
    expect(pageOfArguments(['nothing.csv', 'file://elsewhere/x'], folder)).toBeUndefined()
    expect(pageOfArguments(['nothing.csv', 'esteira://runs'], folder)).toBe('/runs')
  })
})
