import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Run, StepExecution } from '#shared/runs.ts'
import { storedFilePath } from '../artifacts/artifact-files.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { openWorkbench, removeWorkbench, type Workbench, type WorkbenchOptions } from './testing/workbench.ts'

const open: Workbench[] = []
afterEach(async () => {
  for (const bench of open.splice(0)) {
    await bench.stop()
    removeWorkbench(bench.path)
  }
})

async function workbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const bench = await openWorkbench(options)
  open.push(bench)
  return bench
}

function step(run: Run, name: string): StepExecution {
  const found = run.steps.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no step ${name}`)
  return found
}

function textOf(bench: Workbench, run: Run, name: string): string {
  const file = bench.artifacts.get(step(run, name).outputs.text ?? '').files[0]
  return readFileSync(storedFilePath(bench.artifacts.root, file?.sha256 ?? ''), 'utf8')
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (condition()) return
    await delay(10)
  }
  throw new Error('waited 5 s in vain')
}

const diamond = `
name: diamond
parameters: { word: a }
steps:
  last: { uses: test/join, in: { from: [left, right] } }
  first: { uses: test/write, with: { text: "\${{ params.word }}" } }
  left: { uses: test/write, in: { from: first }, with: { text: l } }
  right: { uses: test/write, in: { from: first }, with: { text: r } }
`

describe('a run', () => {
  it('passes data along the edges, whatever the order in the file', async () => {
    const bench = await workbench()
    bench.write('pipelines/diamond.yaml', diamond)
    const run = await bench.run('diamond', { word: 'x' })
    expect(run.status).toBe('succeeded')
    expect(textOf(bench, run, 'last')).toBe('xl+xr')
    expect(run.stepsDone).toBe(4)
    expect(run.parameters).toEqual({ word: 'x' })
  })

  it('tells of every state that it stores, in order', async () => {
    const bench = await workbench()
    bench.write('pipelines/diamond.yaml', diamond)
    const run = await bench.run('diamond')
    const told = bench.events.flatMap((event) =>
      event.type === 'step-changed' ? [`${event.step.name} ${event.step.status}`] : [],
    )
    for (const name of ['first', 'left', 'right', 'last']) {
      expect(told.indexOf(`${name} running`)).toBeLessThan(told.indexOf(`${name} succeeded`))
    }
    expect(told.indexOf('first succeeded')).toBeLessThan(told.indexOf('left running'))
    const last = bench.events.findLast((event) => event.type === 'run-changed')
    expect(last).toMatchObject({ run: { id: run.id, status: 'succeeded', stepsDone: 4 } })
  })

  it('keeps logs, measured points and the metrics that a step publishes', async () => {
    const bench = await workbench()
    bench.write('pipelines/m.yaml', 'name: m\nsteps: { a: { uses: test/behave, with: { metrics: { auc: 0.75 } } } }')
    const run = await bench.run('m')
    expect(run.metrics).toEqual({ auc: 0.75 })
    expect(bench.runs.log(run.id, { after: 0, limit: 10 })).toMatchObject([
      { step: 'a', text: 'attempt 1', level: 'info' },
    ])
    expect(bench.runs.metrics(run.id)).toMatchObject([{ step: 'a', name: 'auc', index: 0, value: 0.75 }])
  })
})

describe('the step cache', () => {
  it('runs nothing again when nothing changed, and says so', async () => {
    const bench = await workbench()
    bench.write('pipelines/diamond.yaml', diamond)
    const first = await bench.run('diamond')
    const second = await bench.run('diamond')
    expect(first.steps.map((one) => one.cached)).toEqual([false, false, false, false])
    expect(second.steps.map((one) => one.cached)).toEqual([true, true, true, true])
    expect(step(second, 'last').outputs).toEqual(step(first, 'last').outputs)
    expect(step(second, 'left').values).toEqual({ length: 2 })
  })

  it('runs again from the first step whose options, or whose source file, changed', async () => {
    const bench = await workbench()
    bench.write('note.txt', 'one')
    bench.write(
      'pipelines/p.yaml',
      'name: p\nsteps: { a: { uses: test/write, with: { file: note.txt } }, b: { uses: test/write, in: { from: a }, with: { text: "!" } } }',
    )
    await bench.run('p')
    bench.write('note.txt', 'two')
    const changed = await bench.run('p')
    expect(changed.steps.map((one) => one.cached)).toEqual([false, false])
    expect(textOf(bench, changed, 'b')).toBe('two!')
    bench.write('note.txt', 'one')
    const back = await bench.run('p')
    expect(back.steps.map((one) => one.cached)).toEqual([true, true])
  })

  it('is not used where the spec or the request says so', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/p.yaml',
      'name: p\nsteps: { a: { uses: test/noop }, b: { uses: test/noop, cache: false, with: { name: b } } }',
    )
    await bench.run('p')
    expect((await bench.run('p')).steps.map((one) => one.cached)).toEqual([true, false])
    expect((await bench.run('p', {}, false)).steps.map((one) => one.cached)).toEqual([false, false])
  })

  it('does not trust an entry whose file is gone', async () => {
    const bench = await workbench()
    bench.write('pipelines/p.yaml', 'name: p\nsteps: { a: { uses: test/write, with: { text: hello } } }')
    const run = await bench.run('p')
    const file = bench.artifacts.get(step(run, 'a').outputs.text ?? '').files[0]
    rmSync(storedFilePath(bench.artifacts.root, file?.sha256 ?? ''))
    const again = await bench.run('p')
    expect(step(again, 'a').cached).toBe(false)
    expect(textOf(bench, again, 'a')).toBe('hello')
  })
})

describe('failures', () => {
  it('fail the run, skip what depends on the step, and let the rest finish', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/f.yaml',
      'name: f\nsteps: { bad: { uses: test/behave, with: { fail: internal } }, after: { uses: test/noop, needs: [bad] }, other: { uses: test/noop } }',
    )
    const run = await bench.run('f')
    expect(run.status).toBe('failed')
    expect(run.error).toMatchObject({ code: 'internal', detail: 'It failed as told.' })
    expect(step(run, 'after')).toMatchObject({ status: 'skipped', reason: 'The step "bad" failed.' })
    expect(step(run, 'other').status).toBe('succeeded')
  })

  it('are tried again as the spec says, but not where a person must mend the data first', async () => {
    const bench = await workbench()
    const counter = join(bench.path, 'counter')
    bench.write(
      'pipelines/r.yaml',
      `name: r\nsteps: { a: { uses: test/behave, with: { failTimes: 2, counter: "${counter}" }, retry: { times: 2, delaySeconds: 0.01 } } }`,
    )
    const run = await bench.run('r')
    expect(step(run, 'a')).toMatchObject({ status: 'succeeded', attempt: 3 })
    bench.write(
      'pipelines/d.yaml',
      'name: d\nsteps: { a: { uses: test/behave, with: { fail: dataset-empty }, retry: { times: 5, delaySeconds: 0.01 } } }',
    )
    expect(step(await bench.run('d'), 'a')).toMatchObject({ status: 'failed', attempt: 1 })
  })

  it('include a step thread that ends, and the next step gets a fresh one', async () => {
    const bench = await workbench({ threads: 1 })
    bench.write(
      'pipelines/c.yaml',
      'name: c\nsteps: { a: { uses: test/behave, with: { exit: true } }, b: { uses: test/noop } }',
    )
    const run = await bench.run('c')
    expect(step(run, 'a').error?.code).toBe('step-crashed')
    expect(step(run, 'b').status).toBe('succeeded')
  })

  it('include the time limit', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/t.yaml',
      'name: t\nsteps: { a: { uses: test/behave, with: { waitMs: 20000 }, timeoutMinutes: 0.001 } }',
    )
    const run = await bench.run('t')
    expect(step(run, 'a')).toMatchObject({ status: 'failed', error: { code: 'step-timeout' } })
  })

  it('include a corrupt artifact: the step that reads it says which file', async () => {
    const bench = await workbench()
    bench.write('pipelines/p.yaml', 'name: p\nsteps: { a: { uses: test/write, with: { text: hello } } }')
    const run = await bench.run('p')
    const file = bench.artifacts.get(step(run, 'a').outputs.text ?? '').files[0]
    writeFileSync(storedFilePath(bench.artifacts.root, file?.sha256 ?? ''), 'hellO')
    bench.write(
      'pipelines/p.yaml',
      'name: p\nsteps: { a: { uses: test/write, with: { text: hello } }, b: { uses: test/write, in: { from: a } } }',
    )
    const second = await bench.run('p')
    expect(step(second, 'b').error).toMatchObject({ code: 'artifact-corrupt', allowed: file?.sha256 })
  })
})

describe('conditions and skips', () => {
  it('read parameters and what earlier steps published', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/w.yaml',
      `name: w
parameters: { deploy: false }
steps:
  a: { uses: test/write, with: { text: hello } }
  long: { uses: test/noop, when: steps.a.values.length > 3, with: { name: long } }
  short: { uses: test/noop, when: steps.a.values.length <= 3, with: { name: short } }
  deploy: { uses: test/noop, when: params.deploy, with: { name: deploy } }
  after: { uses: test/noop, needs: [short], with: { name: after } }`,
    )
    const run = await bench.run('w')
    expect(run.status).toBe('succeeded')
    expect(step(run, 'long').status).toBe('succeeded')
    expect(step(run, 'short').status).toBe('skipped')
    expect(step(run, 'deploy')).toMatchObject({
      status: 'skipped',
      reason: 'The condition does not hold: params.deploy',
    })
    expect(step(run, 'after').reason).toContain('The step "short" was skipped')
  })

  it('let a component say that there is nothing to do', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/s.yaml',
      'name: s\nsteps: { a: { uses: test/behave, with: { skip: No champion yet. } }, b: { uses: test/noop, needs: [a] } }',
    )
    const run = await bench.run('s')
    expect(run.status).toBe('succeeded')
    expect(run.steps.map((one) => one.status)).toEqual(['skipped', 'skipped'])
    expect(step(run, 'b').reason).toBe('The step "a" was skipped: No champion yet.')
  })
})

describe('cancelling', () => {
  it('ends the steps under way and never starts the rest', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/l.yaml',
      'name: l\nsteps: { a: { uses: test/behave, with: { waitMs: 30000 } }, b: { uses: test/noop, needs: [a] } }',
    )
    const started = await bench.start('l')
    await until(() => bench.events.some((event) => event.type === 'step-changed' && event.step.progress === 0.5))
    const run = await bench.runs.cancel(started.id)
    expect(run.status).toBe('cancelled')
    expect(run.steps.map((one) => one.status)).toEqual(['cancelled', 'cancelled'])
    await expect(bench.runs.cancel(started.id)).rejects.toThrow(EsteiraError)
  })

  it('takes the thread of a step that does not listen', async () => {
    const bench = await workbench({ threads: 1, cancelGraceMs: 100 })
    bench.write(
      'pipelines/l.yaml',
      'name: l\nsteps: { a: { uses: test/behave, with: { waitMs: 30000, ignoreCancel: true } } }',
    )
    const started = await bench.start('l')
    await until(() => bench.events.some((event) => event.type === 'step-changed' && event.step.progress === 0.5))
    expect((await bench.runs.cancel(started.id)).status).toBe('cancelled')
    bench.write('pipelines/n.yaml', 'name: n\nsteps: { a: { uses: test/noop } }')
    expect((await bench.run('n')).status).toBe('succeeded')
  })
})

describe('retry of an ended run', () => {
  it('keeps what succeeded and runs the rest again', async () => {
    const bench = await workbench()
    const counter = join(bench.path, 'counter')
    bench.write(
      'pipelines/r.yaml',
      `name: r\nsteps: { a: { uses: test/write, with: { text: a } }, b: { uses: test/behave, in: { from: a }, with: { failTimes: 1, counter: "${counter}" } }, c: { uses: test/noop, needs: [b] } }`,
    )
    const failed = await bench.run('r')
    expect(failed.status).toBe('failed')
    const retried = await bench.runs.ended((await bench.runs.retry(failed.id)).id)
    expect(retried.status).toBe('succeeded')
    expect(retried.error).toBeNull()
    expect(step(retried, 'a').finishedAt).toBe(step(failed, 'a').finishedAt)
    expect(retried.stepsDone).toBe(3)
    await expect(bench.runs.retry(failed.id)).rejects.toThrow('No step of the run failed')
  })
})

describe('after the engine stopped in the middle', () => {
  it('goes on from the last finished step', async () => {
    const first = await openWorkbench()
    first.write(
      'pipelines/r.yaml',
      'name: r\nsteps: { a: { uses: test/write, with: { text: a } }, b: { uses: test/behave, needs: [a], with: { waitMs: 300 } }, c: { uses: test/write, in: { from: a }, needs: [b], with: { text: c } } }',
    )
    const started = await first.start('r')
    await until(() =>
      first.events.some(
        (event) => event.type === 'step-changed' && event.step.name === 'b' && event.step.progress !== null,
      ),
    )
    await first.stop()
    const second = await workbench({ path: first.path })
    expect(second.runs.get(started.id).status).toBe('running')
    await second.runs.resume()
    const run = await second.runs.ended(started.id)
    expect(run.status).toBe('succeeded')
    expect(step(run, 'a').attempt).toBe(1)
    expect(step(run, 'b').attempt).toBe(2)
    expect(textOf(second, run, 'c')).toBe('ac')
  })
})

describe('a store that takes no more, as on a full disk', () => {
  it('gives the run up with that reason, loses nothing stored before, and a retry takes it up again', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/d.yaml',
      'name: d\nsteps: { a: { uses: test/write, with: { text: a } }, b: { uses: test/behave, needs: [a], with: { waitMs: 300 } }, c: { uses: test/write, in: { from: a }, needs: [b], with: { text: c } } }',
    )
    const started = await bench.start('d')
    await until(() => bench.events.some((event) => event.type === 'step-changed' && event.step.progress === 0.5))
    // What SQLite says on a full disk, at every change of a step.
    bench.store.run(
      "CREATE TEMP TRIGGER full BEFORE UPDATE ON step_execution BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END",
    )
    const given = await bench.runs.ended(started.id)
    expect(given).toMatchObject({ status: 'failed', error: { code: 'disk-full' } })
    expect(bench.runs.list({ limit: 1 }).items).toMatchObject([{ status: 'failed', error: { code: 'disk-full' } }])
    bench.store.run('DROP TRIGGER full')
    expect(bench.store.check()).toEqual([])
    const run = await bench.runs.ended((await bench.runs.retry(started.id)).id)
    expect(run.status).toBe('succeeded')
    expect(run.steps.map((one) => one.attempt)).toEqual([1, 2, 1])
    expect(textOf(bench, run, 'c')).toBe('ac')
  })
})

describe('retrying from a step', () => {
  const chain =
    'name: c\nsteps: { a: { uses: test/write, with: { text: a } }, b: { uses: test/write, in: { from: a }, with: { text: b } }, c: { uses: test/write, in: { from: b }, with: { text: c } } }'

  it('really runs that step again, and what depends on it by the rules of the cache', async () => {
    const bench = await workbench()
    bench.write('pipelines/c.yaml', chain)
    const first = await bench.run('c')
    await bench.runs.retry(first.id, { from: 'b' })
    const again = await bench.runs.ended(first.id)
    expect(again.status).toBe('succeeded')
    expect(again.steps.map(({ name, cached, attempt }) => [name, cached, attempt])).toEqual([
      ['a', false, 1],
      ['b', false, 2],
      ['c', true, 2],
    ])
    expect(step(again, 'c').cachedFrom).toBe(first.id)
    expect(textOf(bench, again, 'c')).toBe('abc')
  })

  it('is forgotten by the next retry, and refused for a step that is not there', async () => {
    const bench = await workbench()
    bench.write('pipelines/c.yaml', chain)
    const { id } = await bench.run('c')
    await bench.runs.retry(id, { from: 'c' })
    await bench.runs.ended(id)
    await bench.runs.retry(id, { from: 'b' })
    expect((await bench.runs.ended(id)).steps.map((one) => one.cached)).toEqual([false, false, true])
    await expect(bench.runs.retry(id, { from: 'bb' })).rejects.toMatchObject({
      code: 'not-found',
      context: { nearest: 'b' },
    })
    await expect(bench.runs.retry(id)).rejects.toMatchObject({ code: 'run-finished' })
  })
})

describe('several runs', () => {
  it('are compared with their plans and their measured curves', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/m.yaml',
      "name: m\nparameters: { word: x }\nsteps: { a: { uses: test/behave, with: { metrics: { auc: 0.75 } } }, b: { uses: test/write, with: { text: '${{ params.word }}' } } }",
    )
    const [one, two] = [await bench.run('m'), await bench.run('m', { word: 'y' })]
    const { runs, series } = bench.runs.compare([two.id, one.id], 500)
    expect(runs.map(({ run }) => run.id)).toEqual([two.id, one.id])
    expect(runs.map(({ plan }) => plan.steps.find(({ name }) => name === 'b')?.options)).toEqual([
      { text: 'y' },
      { text: 'x' },
    ])
    expect(series).toEqual(
      [two, one].map(({ id }) => ({ runId: id, step: 'a', name: 'auc', points: [{ x: 0, y: 0.75 }] })),
    )
    expect(() => bench.runs.compare([one.id, 'none'], 500)).toThrowError('no run "none"')
  })

  it('tell where a cached result was made', async () => {
    const bench = await workbench()
    bench.write('pipelines/p.yaml', 'name: p\nsteps: { a: { uses: test/write, with: { text: hello } } }')
    const [first, second] = [await bench.run('p'), await bench.run('p')]
    expect(step(first, 'a')).not.toHaveProperty('cachedFrom')
    expect(step(second, 'a').cachedFrom).toBe(first.id)
  })
})

describe('a query under way', () => {
  const pipeline = 'name: q\nsteps: { a: { uses: test/query } }'
  const underWay = (bench: Workbench) =>
    until(() => bench.events.some((event) => event.type === 'step-changed' && event.step.progress === 0.5))

  it('ends with a cancel, and the thread goes on to the next step', async () => {
    const bench = await workbench({ threads: 1 })
    bench.write('pipelines/q.yaml', pipeline)
    const started = await bench.start('q')
    await underWay(bench)
    expect((await bench.runs.cancel(started.id)).status).toBe('cancelled')
    bench.write('pipelines/n.yaml', 'name: n\nsteps: { a: { uses: test/noop } }')
    expect((await bench.run('n')).status).toBe('succeeded')
  })

  it('does not take the process with it when the engine stops', async () => {
    const bench = await openWorkbench()
    bench.write('pipelines/q.yaml', pipeline)
    const started = await bench.start('q')
    await underWay(bench)
    await bench.stop()
    const next = await workbench({ path: bench.path })
    expect(next.runs.get(started.id).status).toBe('running')
  })
})

describe('a pipeline that cannot run', () => {
  it('is refused with every problem, and no run is stored', async () => {
    const bench = await workbench()
    bench.write(
      'pipelines/bad.yaml',
      'name: bad\nsteps: { a: { uses: test/wrte }, b: { uses: test/noop, in: { form: a }, needs: [c] } }',
    )
    const error = await bench.start('bad').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(EsteiraError)
    if (!(error instanceof EsteiraError)) return
    expect(error.code).toBe('pipeline-invalid')
    expect(error.context.problems).toMatchObject([
      { path: 'steps.a.uses', line: 2, column: 21, nearest: 'test/write' },
      { path: 'steps.b.in.form', nearest: 'from' },
      { path: 'steps.b.needs.0', expected: 'one of a' },
    ])
    expect(bench.runs.list({ limit: 10 }).items).toEqual([])
    await expect(bench.start('dab')).rejects.toMatchObject({ code: 'pipeline-not-found', context: { nearest: 'bad' } })
  })
})
