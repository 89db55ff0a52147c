import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openWorkbench, removeWorkbench, type Workbench } from './testing/workbench.ts'

let bench: Workbench
beforeEach(async () => {
  bench = await openWorkbench()
})
afterEach(async () => {
  await bench.stop()
  removeWorkbench(bench.path)
})

function newFolder(name: string, text = `name: ${name}\n`): string {
  const path = join(bench.path, name)
  mkdirSync(path)
  writeFileSync(join(path, 'esteira.yaml'), text)
  return path
}

describe('adding a folder', () => {
  it('reads what is in it', async () => {
    const path = newFolder(
      'flights',
      'name: flights\ndescription: Late or not.\ndatasets: { jan: { path: jan.csv } }\n',
    )
    mkdirSync(join(path, 'pipelines'))
    for (const file of ['train.yaml', 'drift.yaml', 'notes.txt']) writeFileSync(join(path, 'pipelines', file), '')
    const project = await bench.projects.add({ path, trust: false })
    expect(project).toMatchObject({
      id: expect.stringMatching(/^flights-[0-9a-f]{6}$/),
      name: 'flights',
      description: 'Late or not.',
      trusted: false,
      available: true,
      pipelines: ['drift', 'train'],
      datasets: ['jan'],
    })
    expect(bench.events).toContainEqual(expect.objectContaining({ type: 'project-changed', projectId: project.id }))
  })

  it('again, also through a link, gives the same project, and never takes trust away', async () => {
    const path = newFolder('twice')
    const link = join(bench.path, 'link')
    symlinkSync(path, link)
    const first = await bench.projects.add({ path, trust: true })
    expect(await bench.projects.add({ path: link, trust: false })).toEqual({ ...first, trusted: true })
    expect((await bench.projects.list()).map((project) => project.id)).toEqual([bench.projectId, first.id].toSorted())
  })

  it('of the same name elsewhere gives another project', async () => {
    const a = await bench.projects.add({ path: newFolder('a', 'name: same\n'), trust: true })
    const b = await bench.projects.add({ path: newFolder('b', 'name: same\n'), trust: true })
    expect(a.id).not.toBe(b.id)
  })

  it('without esteira.yaml, or that does not exist, is refused', async () => {
    mkdirSync(join(bench.path, 'empty'))
    for (const name of ['empty', 'nowhere', 'project/esteira.yaml']) {
      const adding = bench.projects.add({ path: join(bench.path, name), trust: true })
      await expect(adding).rejects.toMatchObject({
        code: 'project-not-found',
        context: { where: join(bench.path, name) },
      })
    }
  })

  it('with errors in esteira.yaml is refused with every one', async () => {
    const path = newFolder('bad', 'name: a/b\ndatsets: {}\ndatasets: { x: { pth: y, format: cvs } }\n')
    const error = await bench.projects.add({ path, trust: true }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'project-invalid',
      message: 'esteira.yaml has 5 problems.',
      context: {
        problems: [
          { line: 1, column: 7, path: 'name', found: 'a/b' },
          { line: 3, column: 16, path: 'datasets.x.path', message: '"path" is missing.' },
          { line: 3, column: 34, path: 'datasets.x.format', nearest: 'csv' },
          { line: 3, column: 18, path: 'datasets.x.pth', nearest: 'path' },
          { line: 2, column: 1, path: 'datsets', nearest: 'datasets' },
        ],
      },
    })
  })
})

describe('a project', () => {
  it('that is removed is no longer listed; its folder stays, and adding it brings it back', async () => {
    const before = await bench.projects.get(bench.projectId)
    bench.projects.remove(bench.projectId)
    expect(await bench.projects.list()).toEqual([])
    expect(existsSync(join(bench.projectPath, 'esteira.yaml'))).toBe(true)
    expect(await bench.projects.add({ path: bench.projectPath, trust: false })).toEqual(before)
  })

  it('whose folder is gone is still listed, as not available', async () => {
    renameSync(bench.projectPath, `${bench.projectPath}-moved`)
    expect(await bench.projects.list()).toMatchObject([
      { id: bench.projectId, name: 'test', available: false, pipelines: [] },
    ])
    await expect(bench.projects.open(bench.projectId)).rejects.toMatchObject({ code: 'project-not-found' })
    await expect(bench.start('p')).rejects.toMatchObject({ code: 'pipeline-not-found' })
  })

  it('that is not known says which are', async () => {
    await expect(bench.projects.get(`${bench.projectId}x`)).rejects.toMatchObject({
      code: 'project-not-found',
      context: { nearest: bench.projectId, allowed: bench.projectId },
    })
    expect(() => bench.projects.remove('none')).toThrow(expect.objectContaining({ code: 'project-not-found' }))
  })

  it('shows its pipelines with graph and outputs, and the problems of those that have some', async () => {
    bench.write(
      'pipelines/good.yaml',
      'name: good\nparameters: { x: 1 }\nsteps: { b: { uses: test/noop, in: { from: a } }, a: { uses: test/write } }',
    )
    bench.write('pipelines/bad.yaml', 'name: bad\nsteps: { a: { uses: test/wriet } }')
    expect(await bench.projects.pipelines(bench.projectId)).toMatchObject([
      { name: 'bad', file: 'pipelines/bad.yaml', steps: [], problems: [{ line: 2, nearest: 'test/write' }] },
      {
        name: 'good',
        parameters: { x: 1 },
        problems: [],
        steps: [
          { name: 'a', component: 'test/write', dependsOn: [], outputs: { text: 'file' } },
          { name: 'b', component: 'test/noop', dependsOn: ['a'], outputs: { text: 'file' } },
        ],
      },
    ])
  })

  it('reads no pipeline outside its folder', async () => {
    bench.write('secret.yaml', 'name: secret\nsteps: { a: { uses: test/noop } }')
    for (const name of ['../secret', '..%2Fsecret', '/etc/passwd', '']) {
      await expect(bench.start(name)).rejects.toMatchObject({ code: 'pipeline-not-found' })
    }
    expect(bench.store.all(z.unknown(), 'SELECT * FROM run')).toEqual([])
  })
})

describe('the sample', () => {
  it('is copied into a new folder once, and never over what is there', async () => {
    const first = await bench.projects.addSample({})
    expect(first.path).toBe(join(bench.path, 'sample'))
    writeFileSync(join(first.path, 'esteira.yaml'), 'name: mine\n')
    expect(await bench.projects.addSample({})).toMatchObject({ id: first.id, name: 'mine' })
    await expect(bench.projects.addSample({ path: first.path })).rejects.toMatchObject({ code: 'project-exists' })
    expect(readFileSync(join(first.path, 'esteira.yaml'), 'utf8')).toBe('name: mine\n')
    expect(await bench.projects.addSample({ path: join(bench.path, 'other') })).toMatchObject({
      name: 'test',
      trusted: true,
    })
  })
})
