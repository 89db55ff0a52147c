/** The files, drafts, versions and git of a project, over real HTTP. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '#shared/client.ts'
import type { EngineEvent } from '#shared/events.ts'
import { Engine } from './engine.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

let root: string
let engine: Engine
let client: ProjectClient
let folder: string
let id: string
let count = 0
const events: EngineEvent[] = []

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'esteira-authoring-')))
  // No identity and no settings of the machine: git must work all the same.
  vi.stubEnv('HOME', root)
  vi.stubEnv('XDG_CONFIG_HOME', join(root, 'none'))
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0, background: false })
  engine.events.subscribe((event) => events.push(event))
  client = createProjectClient(engine)
}, 30_000)
afterAll(async () => {
  await engine.stop()
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
})

const pipeline = 'name: p\nsteps:\n  extract: { uses: data/extract, with: { dataset: d } }\n'
beforeEach(async () => {
  folder = join(root, `project-${++count}`)
  put('esteira.yaml', `name: project-${count}\ndatasets: { d: { path: data/d.csv } }\n`)
  put('pipelines/p.yaml', pipeline)
  put('data/d.csv', 'a,b\n1,2\n3,4\n')
  id = (await client.call('addProject', { body: { path: folder, trust: false } })).id
  events.length = 0
})

function put(path: string, text: string | Buffer): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const git = (...command: string[]) => execFileSync('git', ['-C', folder, ...command], { encoding: 'utf8' }).trim()
const read = (path: string) => client.call('readProjectFile', { params: { id }, query: { path } })
const write = (path: string, text: string, expected: string | null) =>
  client.call('writeProjectFile', { params: { id }, body: { path, text, expected } })
const commit = (paths: string[], message = 'Change') =>
  client.call('commitProjectFiles', { params: { id }, body: { paths, message } })
const state = () => client.call('getProjectGit', { params: { id } })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof ApiError ? error.problem.code : String(error)),
  )

describe('a text file', () => {
  it('is read, written against the hash that was read, and deleted', async () => {
    const before = await read('pipelines/p.yaml')
    expect(before.text).toBe(pipeline)
    const after = await write('pipelines/p.yaml', `${pipeline}# more\n`, before.sha256)
    expect(readFileSync(join(folder, 'pipelines/p.yaml'), 'utf8')).toBe(`${pipeline}# more\n`)
    expect(await read('pipelines/p.yaml')).toEqual(after)
    expect(events).toContainEqual(expect.objectContaining({ type: 'project-changed', projectId: id }))
    const { sha256 } = after
    await client.call('deleteProjectFile', { params: { id }, query: { path: 'pipelines/p.yaml', expected: sha256 } })
    expect(existsSync(join(folder, 'pipelines/p.yaml'))).toBe(false)
    expect(await codeOf(read('pipelines/p.yaml'))).toBe('not-found')
  })

  it('that was changed meanwhile is not overwritten, nor deleted', async () => {
    const { sha256 } = await read('esteira.yaml')
    put('esteira.yaml', 'name: other\n')
    expect(await codeOf(write('esteira.yaml', 'name: mine\n', sha256))).toBe('conflict')
    expect(await codeOf(write('esteira.yaml', 'name: mine\n', null))).toBe('conflict')
    const query = { path: 'esteira.yaml', expected: sha256 }
    expect(await codeOf(client.call('deleteProjectFile', { params: { id }, query }))).toBe('conflict')
    expect(await codeOf(write('schemas/new.yaml', 'x', sha256))).toBe('not-found')
    expect(readFileSync(join(folder, 'esteira.yaml'), 'utf8')).toBe('name: other\n')
  })

  it('written twice at once against the same hash is written once', async () => {
    const { sha256 } = await read('pipelines/p.yaml')
    const codes = await Promise.all(
      ['one', 'two', 'three'].map((text) => codeOf(write('pipelines/p.yaml', text, sha256))),
    )
    expect(codes.toSorted()).toEqual(['conflict', 'conflict', 'done'])
    expect(readdirSync(join(folder, 'pipelines'))).toEqual(['p.yaml'])
  })

  it('may be new, half done, with CRLF, a byte order mark and without a last line break', async () => {
    const text = '\ufeffname: [\r\n  é 日本 🙂'
    const written = await write('schemas/deep/new.yaml', text, null)
    expect(await read('schemas/deep/new.yaml')).toEqual(written)
    expect(written.text).toBe(text)
    expect(await codeOf(write('notes.md', 'x'.repeat(999_999), null))).toBe('done')
  })

  it('keeps its permissions', async () => {
    chmodSync(join(folder, 'esteira.yaml'), 0o600)
    const { sha256 } = await read('esteira.yaml')
    await write('esteira.yaml', 'name: x\n', sha256)
    expect(execFileSync('stat', ['-c', '%a', join(folder, 'esteira.yaml')], { encoding: 'utf8' }).trim()).toBe('600')
  })

  it('that is too large, not text or a folder is refused', async () => {
    put('large.md', 'x'.repeat(1_000_001))
    put('binary.sql', Buffer.from([0x66, 0xff, 0xfe]))
    put('folder.md/x', '')
    expect(await codeOf(read('large.md'))).toBe('body-too-large')
    expect(await codeOf(read('binary.sql'))).toBe('invalid-request')
    expect(await codeOf(read('folder.md'))).toBe('invalid-request')
    expect(await codeOf(write('new.md', '日'.repeat(400_000), null))).toBe('body-too-large')
    expect(await codeOf(write('new.md', 'a\0b', null))).toBe('invalid-request')
    expect(existsSync(join(folder, 'new.md'))).toBe(false)
  })
})

describe('exploits', () => {
  const paths = [
    '../outside.yaml',
    'pipelines/../../outside.yaml',
    '/etc/passwd.yaml',
    '/outside.yaml',
    'C:\\outside.yaml',
    'c:outside.yaml',
    '..\\outside.yaml',
    'pipelines\\..\\..\\outside.yaml',
    '.git/config.yaml',
    '.git/hooks/pre-commit.md',
    '.GIT/x.md',
    'sub/.git/x.md',
    '.github/workflows/x.yaml',
    'x.yaml\0.png',
    'esteira.yaml/x.yaml',
    './esteira.yaml',
    'pipelines//p.yaml',
    '',
    'pipelines/',
    'x.md:stream',
    'con.md',
    'x.md ',
    'a\nb.md',
    `${'x'.repeat(490)}/${'y'.repeat(20)}.md`,
  ]
  it('climbing out of the folder, or into git, by a name', async () => {
    writeFileSync(join(root, 'outside.yaml'), 'SECRET')
    git('init', '--quiet')
    const expected = expect.toBeOneOf(['path-outside-project', 'invalid-request', 'not-found'])
    for (const path of paths) {
      expect([path, await codeOf(read(path))]).toEqual([path, expected])
      expect([path, await codeOf(write(path, 'x', null))]).not.toEqual([path, 'done'])
    }
    expect(readFileSync(join(root, 'outside.yaml'), 'utf8')).toBe('SECRET')
  })

  it('writing a script, or a program that a hook of git runs', async () => {
    for (const path of ['train.py', 'component.ts', 'run.sh', 'package.json', '.gitattributes', '.env', 'Makefile']) {
      expect([path, await codeOf(write(path, 'x', null))]).toEqual([path, 'invalid-request'])
    }
    expect(await codeOf(write('.gitignore', 'x\n', null))).toBe('done')
  })

  it('a link that leads out of the folder', async () => {
    writeFileSync(join(root, 'secret.md'), 'SECRET')
    mkdirSync(join(root, 'elsewhere'), { recursive: true })
    symlinkSync(join(root, 'secret.md'), join(folder, 'link.md'))
    symlinkSync(join(root, 'elsewhere'), join(folder, 'schemas'))
    symlinkSync(join(root, 'not-there.md'), join(folder, 'dangling.md'))
    for (const path of ['link.md', 'dangling.md', 'schemas/new.yaml', 'schemas/deep/new.yaml']) {
      expect([path, await codeOf(read(path))]).toEqual([path, 'path-outside-project'])
      expect([path, await codeOf(write(path, 'x', null))]).toEqual([path, 'path-outside-project'])
    }
    expect(readFileSync(join(root, 'secret.md'), 'utf8')).toBe('SECRET')
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
    expect(existsSync(join(root, 'not-there.md'))).toBe(false)
  })

  it('a link inside the folder to a file that has no right name', async () => {
    git('init', '--quiet')
    symlinkSync(join(folder, '.git', 'config'), join(folder, 'config.md'))
    const before = readFileSync(join(folder, '.git', 'config'), 'utf8')
    expect(await codeOf(read('config.md'))).toBe('invalid-request')
    expect(await codeOf(write('config.md', '[core]\n\tfsmonitor = evil\n', null))).toBe('invalid-request')
    expect(readFileSync(join(folder, '.git', 'config'), 'utf8')).toBe(before)
  })

  it('a hard link to a file elsewhere is cut, not written through', async () => {
    writeFileSync(join(root, 'shared.md'), 'before')
    linkSync(join(root, 'shared.md'), join(folder, 'hard.md'))
    const { sha256 } = await read('hard.md')
    await write('hard.md', 'after', sha256)
    expect(readFileSync(join(root, 'shared.md'), 'utf8')).toBe('before')
  })

  it('committing by a name that git would take for an option, a pattern or another folder', async () => {
    git('init', '--quiet')
    put('secret.md', 'x')
    for (const path of ['--all', '*.md', ':/', ':(glob)**', '../x.md', '.git/config', '/etc/passwd']) {
      expect([path, await codeOf(commit([path]))]).not.toEqual([path, 'done'])
    }
    expect(git('status', '--porcelain', '--', 'secret.md')).toBe('?? secret.md')
  })

  it('a message that looks like an option', async () => {
    await client.call('initProjectGit', { params: { id } })
    put('esteira.yaml', 'name: x\n')
    put('notes.md', 'x')
    expect((await commit(['esteira.yaml'], '--amend --all')).subject).toBe('--amend --all')
    expect((await state()).changed).toEqual(['notes.md'])
  })

  it('a pipeline name that leaves its folder', async () => {
    for (const name of ['../x', '..%2Fx', 'a/../../x', '.git/x']) {
      const params = { id, name }
      expect(await codeOf(client.call('listPipelineVersions', { params }))).not.toBe('done')
      expect(await codeOf(client.call('draftPipeline', { params, body: { text: '' } }))).not.toBe('done')
    }
  })
})

describe('git', () => {
  it('of a folder outside a repository, then with a first commit of the texts', async () => {
    expect(await state()).toEqual({ repository: false, branch: null, head: null, changed: [] })
    expect(await codeOf(commit(['esteira.yaml']))).toBe('conflict')
    put('data/large.csv', 'x'.repeat(5_000_001))
    put('.env', 'TOKEN=secret')
    put('node_modules/a/index.js', '')
    const started = await client.call('initProjectGit', { params: { id } })
    expect(started).toMatchObject({ repository: true, branch: 'main', changed: [] })
    expect(started.head).toMatchObject({ author: 'Esteira', subject: 'Start of the project' })
    expect(git('ls-files').split('\n')).toEqual(['.gitignore', 'esteira.yaml', 'pipelines/p.yaml'])
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('/data/*.csv\n')
    expect(events).toContainEqual(expect.objectContaining({ type: 'project-changed', projectId: id }))
    expect(await client.call('initProjectGit', { params: { id } })).toEqual(started)
  })

  it('keeps small data with the texts, and a .gitignore that is there', async () => {
    put('.gitignore', 'esteira.yaml\n')
    await client.call('initProjectGit', { params: { id } })
    expect(git('ls-files').split('\n')).toEqual(['.gitignore', 'data/d.csv', 'pipelines/p.yaml'])
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('esteira.yaml\n')
  })

  it('commits the named files, new and deleted ones too, and leaves what else is staged', async () => {
    put('old.md', 'x')
    await client.call('initProjectGit', { params: { id } })
    rmSync(join(folder, 'old.md'))
    put('schemas/ação d.yaml', 'rows: {}\n')
    put('esteira.yaml', 'name: changed\n')
    put('staged.md', 'x')
    git('add', 'staged.md')
    expect((await state()).changed).toEqual(['esteira.yaml', 'old.md', 'schemas/ação d.yaml', 'staged.md'])
    const made = await commit(['old.md', 'schemas/ação d.yaml'], 'Schema\n\nWith a body.')
    expect(made).toMatchObject({ subject: 'Schema', author: 'Esteira' })
    expect((await state()).head).toEqual(made)
    expect(git('-c', 'core.quotePath=false', 'show', '--name-only', '--format=').split('\n')).toEqual([
      'old.md',
      'schemas/ação d.yaml',
    ])
    expect(git('status', '--porcelain').split('\n')).toEqual(['M esteira.yaml', 'A  staged.md'])
    expect(await codeOf(commit(['pipelines/p.yaml']))).toBe('conflict')
  })

  it('uses the identity of the person, and asks their hooks', async () => {
    git('init', '--quiet', '--initial-branch', 'work')
    git('config', 'user.name', 'Ana')
    git('config', 'user.email', 'ana@example.org')
    writeFileSync(join(folder, '.git', 'hooks', 'pre-commit'), '#!/bin/sh\necho "not today" >&2\nexit 1\n', {
      mode: 0o755,
    })
    await expect(commit(['esteira.yaml'])).rejects.toMatchObject({
      problem: { code: 'git-failed', found: expect.stringContaining('not today') },
    })
    expect((await state()).changed).toEqual(['data/d.csv', 'esteira.yaml', 'pipelines/p.yaml'])
    expect(git('status', '--porcelain', '--', 'esteira.yaml')).toBe('?? esteira.yaml')
    rmSync(join(folder, '.git', 'hooks', 'pre-commit'))
    expect(await commit(['esteira.yaml'])).toMatchObject({ author: 'Ana' })
    expect(await state()).toMatchObject({ branch: 'work', changed: ['data/d.csv', 'pipelines/p.yaml'] })
  })

  it('works for a project in a folder of a repository, and leaves the rest alone', async () => {
    const top = folder
    folder = join(top, 'team', 'flights')
    put('esteira.yaml', `name: inner-${count}\n`)
    put('pipelines/p.yaml', pipeline)
    id = (await client.call('addProject', { body: { path: folder, trust: false } })).id
    execFileSync('git', ['-C', top, 'init', '--quiet'])
    expect((await state()).changed).toEqual(['esteira.yaml', 'pipelines/p.yaml'])
    await client.call('initProjectGit', { params: { id } })
    expect(existsSync(join(folder, '.git'))).toBe(false)
    await commit(['pipelines/p.yaml'])
    expect((await state()).changed).toEqual(['esteira.yaml'])
    expect(git('ls-files', '--full-name')).toBe('team/flights/pipelines/p.yaml')
    const versions = await client.call('listPipelineVersions', { params: { id, name: 'p' } })
    expect(versions[0]).toMatchObject({ current: true, text: pipeline, commits: [{ subject: 'Change' }] })
  })

  it('that is not installed is no repository, and a commit says what to do', async () => {
    await client.call('initProjectGit', { params: { id } })
    const path = process.env.PATH
    vi.stubEnv('PATH', join(root, 'nothing'))
    try {
      expect(await state()).toEqual({ repository: false, branch: null, head: null, changed: [] })
      expect(await codeOf(commit(['esteira.yaml']))).toBe('git-missing')
      expect(await codeOf(client.call('initProjectGit', { params: { id } }))).toBe('git-missing')
      const sample = await client.call('addSample', { body: { path: join(root, 'without-git') } })
      expect(sample.available).toBe(true)
      const versions = await client.call('listPipelineVersions', { params: { id, name: 'p' } })
      expect(versions).toMatchObject([{ current: true, commits: [] }])
    } finally {
      vi.stubEnv('PATH', path)
    }
  })
})

describe('new projects start under git', () => {
  it('the sample', async () => {
    const sample = await client.call('addSample', { body: { path: join(root, `sample-${count}`) } })
    const { repository, head, changed } = await client.call('getProjectGit', { params: { id: sample.id } })
    expect({ repository, subject: head?.subject, changed }).toEqual({
      repository: true,
      subject: 'Start of the project',
      changed: [],
    })
  })

  it('one made of a data file, without what else lies in its folder', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => `${index},${index % 7},${index % 3 === 0 ? 'yes' : 'no'}`)
    put('churn.csv', `id,visits,left\n${rows.join('\n')}\n`)
    const path = join(root, `churn-${count}`)
    mkdirSync(path)
    writeFileSync(join(path, 'letter.txt'), 'private')
    const { project } = await client.call('initProject', {
      body: { path, data: join(folder, 'churn.csv'), target: 'left' },
    })
    const { head, changed } = await client.call('getProjectGit', { params: { id: project.id } })
    expect({ subject: head?.subject, changed }).toEqual({ subject: 'Start of the project', changed: ['letter.txt'] })
  })
})

describe('pipelines', () => {
  it('list the components with their ports and the JSON Schema of their options', async () => {
    const components = await client.call('listComponents', {})
    const train = components.find(({ name }) => name === 'model/train')
    expect(train).toMatchObject({
      inputs: { data: { types: ['prepared'], optional: false, many: false } },
      outputs: { model: { type: 'model' } },
    })
    for (const { name, options } of components) {
      expect([name, options.$schema]).toEqual([name, 'https://json-schema.org/draft/2020-12/schema'])
    }
    const extract = components.find(({ name }) => name === 'data/extract')
    expect(extract?.options).toMatchObject({
      type: 'object',
      required: ['dataset'],
      properties: { dataset: { type: 'string', description: expect.any(String) } },
    })
  })

  it('are edited as drafts, checked with the given parameters, without saving', async () => {
    const draft = await client.call('draftPipeline', {
      params: { id, name: 'p' },
      body: {
        text: pipeline,
        edits: [
          {
            kind: 'add-step',
            name: 'stats',
            component: 'data/statistics',
            inputs: { data: [{ step: 'extract', output: null }] },
          },
        ],
        parameters: { none: 1 },
      },
    })
    expect(draft.text).toBe(`${pipeline}  stats: { uses: data/statistics, in: { data: extract } }\n`)
    expect(draft.steps.map(({ name }) => name)).toEqual(['extract', 'stats'])
    expect(draft.problems).toMatchObject([{ message: 'The pipeline has no parameter "none".' }])
    expect(readFileSync(join(folder, 'pipelines/p.yaml'), 'utf8')).toBe(pipeline)
    const large = { text: `${pipeline}# ${'x'.repeat(400_000)}` }
    expect(await codeOf(client.call('draftPipeline', { params: { id, name: 'p' }, body: large }))).toBe(
      'body-too-large',
    )
    const body = { text: 'a: 1\n', edits: [{ kind: 'remove' as const, path: ['b'] }] }
    expect(await codeOf(client.call('draftPipeline', { params: { id, name: 'p' }, body }))).toBe('invalid-request')
  })

  it('have versions from runs, commits and the file, merged and newest first', async () => {
    await client.call('initProjectGit', { params: { id } })
    const run = async () => {
      const started = await client.call('startRun', { body: { projectId: id, pipeline: 'p', startedBy: 'test' } })
      await engine.runs.ended(started.id)
      return started.id
    }
    const first = [await run(), await run()]
    put('pipelines/p.yaml', `${pipeline}# tried, never committed\n`)
    const second = await run()
    put('pipelines/p.yaml', `${pipeline}# committed, never run\n`)
    await commit(['pipelines/p.yaml'], 'Better')
    put('pipelines/p.yaml', `${pipeline}# now\n`)
    const versions = await client.call('listPipelineVersions', { params: { id, name: 'p' } })
    const ofRun = async (runId: string) => (await client.call('getRun', { params: { id: runId } })).pipelineVersion
    expect(
      versions.map(({ text, current, runs, commits }) => [
        text.split('\n')[3],
        current,
        runs,
        commits.map((one) => one.subject),
      ]),
    ).toEqual([
      ['# now', true, 0, []],
      ...[
        ['# tried, never committed', false, 1, []],
        ['# committed, never run', false, 0, ['Better']],
      ].toSorted((a, b) => order(versions, String(a[0])) - order(versions, String(b[0]))),
      ['', false, 2, ['Start of the project']],
    ])
    expect(versions.at(-1)).toMatchObject({ version: await ofRun(first[0] ?? ''), latestRunId: first.toSorted()[1] })
    expect(versions.find(({ runs }) => runs === 1)).toMatchObject({ version: await ofRun(second), latestRunId: second })
    put('pipelines/p.yaml', pipeline)
    const back = await client.call('listPipelineVersions', { params: { id, name: 'p' } })
    expect(back[0]).toMatchObject({ current: true, runs: 2, text: pipeline })
    rmSync(join(folder, 'pipelines/p.yaml'))
    expect(await client.call('listPipelineVersions', { params: { id, name: 'p' } })).toHaveLength(3)
    expect(await codeOf(client.call('listPipelineVersions', { params: { id, name: 'q' } }))).toBe('pipeline-not-found')
  })
})

/** Git tells time in seconds, runs in milliseconds: which of two close texts is newer is not told by the test. */
function order(versions: { text: string }[], comment: string): number {
  return versions.findIndex(({ text }) => text.includes(comment))
}
