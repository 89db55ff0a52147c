import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PipelineEdit } from '#shared/pipelines.ts'
import { catalogue } from '../components/index.ts'
import { resourcesPath } from '../kernel/app-paths.ts'
import { draftPipeline } from './draft.ts'
import { planPipeline } from './planner.ts'
import { renameInCondition } from './rename-in-condition.ts'

const file = 'pipelines/train.yaml'
const train = readFileSync(join(resourcesPath, 'samples', 'flight-delay', file), 'utf8')
const draft = (text: string, ...edits: PipelineEdit[]) => draftPipeline(text, edits, { file, catalogue })

/** The lines that differ between two texts, in order. */
function difference(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const gone = old.filter((line) => !now.includes(line)).map((line) => `-${line}`)
  return [...gone, ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`)]
}

describe('a draft', () => {
  it('shows the steps as the file says them, with their lines, and no problems of a good one', () => {
    const { steps, problems, parameters, description, text } = draft(train)
    expect(problems).toEqual([])
    expect(text).toBe(train)
    expect(parameters).toEqual({ from: '2001-01-01', to: '2001-03-01' })
    expect(description).toMatch(/^From flight records/)
    expect(steps.map(({ name }) => name)).toEqual([
      'extract',
      'stats',
      'check',
      'features',
      'split',
      'prepare',
      'train',
      'evaluate',
      'gate',
      'register',
      'deploy',
    ])
    expect(steps.find(({ name }) => name === 'split')).toEqual({
      name: 'split',
      component: 'data/split',
      inputs: { data: [{ step: 'features', output: null }] },
      needs: [],
      when: null,
      options: { by: 'time', column: 'date', test: 0.2, validation: 0.1 },
      retry: null,
      timeoutMinutes: null,
      cache: true,
      lines: { from: 29, to: 32 },
    })
    expect(steps[0]?.options.where).toContain('${{ params.from }}')
  })

  it('of a half-done file shows what can be read, and the problems in the words of the CLI', () => {
    const text = `name: trian
steps:
  extract: { uses: data/extrct, with: { dataset: flights } }
  empty:
  wrong: 5
  listed: { uses: x, in: { a: [extract.data, b], c: 4 }, needs: extract, retry: { times: 3 }, cache: false, when: a == 1, timeoutMinutes: 2 }
`
    const { steps, problems } = draft(text)
    expect(steps.map(({ name, component, lines }) => [name, component, lines.from, lines.to])).toEqual([
      ['extract', 'data/extrct', 3, 3],
      ['empty', '', 4, 4],
      ['listed', 'x', 6, 6],
    ])
    expect(steps[2]).toMatchObject({
      inputs: {
        a: [
          { step: 'extract', output: 'data' },
          { step: 'b', output: null },
        ],
        c: [],
      },
      needs: ['extract'],
      retry: { times: 3, delaySeconds: 1 },
      cache: false,
      when: 'a == 1',
      timeoutMinutes: 2,
    })
    const planned = planPipeline({ text, file, catalogue })
    expect(problems.length).toBeGreaterThan(2)
    expect(problems).toEqual(planned.ok ? [] : planned.problems)
  })

  it.each([
    ['', 0],
    ['steps', 0],
    ['steps: [', 0],
    ['name: x\nsteps:\n  a: { uses: y }\n  b: { uses: [ }\n', 2],
    ['steps:\n  a: *nothing\n  b: { uses: c }', 2],
    ['steps: { a: { uses: x } }\nsteps: { b: { uses: x } }', 1],
    ['- a', 0],
    ['\0', 0],
  ])('of %j has %i steps and a problem', (text, count) => {
    const { steps, problems } = draft(text)
    expect(steps.length).toBe(count)
    expect(problems.length).toBeGreaterThan(0)
  })
})

describe('an edit', () => {
  it('adds the first step to an empty file, which is a pipeline then', () => {
    const { text, problems } = draft('', {
      kind: 'add-step',
      name: 'extract',
      component: 'data/extract',
      inputs: {},
      options: { dataset: 'flights' },
    })
    expect(text).toBe('name: train\nsteps:\n  extract:\n    uses: data/extract\n    with: { dataset: flights }\n')
    expect(problems).toEqual([])
  })

  it('adds a step with a free name behind another one, in the form of the file', () => {
    const { text, problems } = draft(train, {
      kind: 'add-step',
      name: 'stats',
      component: 'data/statistics',
      after: 'split',
      inputs: { data: [{ step: 'extract', output: 'data' }] },
      options: {},
    })
    expect(problems).toEqual([])
    expect(text).toContain(`validation: 0.1 }
  stats-2:
    uses: data/statistics
    in: { data: extract.data }
  prepare:
`)
    expect(text.replace('  stats-2:\n    uses: data/statistics\n    in: { data: extract.data }\n', '')).toBe(train)
  })

  it.each([
    ['', 'data/split', 'split'],
    ['2 gates!', 'x', 'gates'],
    ['a.b', 'x', 'a-b'],
    ['', '', 'step'],
    ['treinar já', 'x', 'treinar-já'],
  ])('makes a name of %j and %j that a step can have', (name, component, expected) => {
    const { steps } = draft('name: train\n', { kind: 'add-step', name, component, inputs: {}, options: {} })
    expect(steps.map((step) => step.name)).toEqual([expected])
  })

  it('removes a step with all edges from it', () => {
    const { text, problems } = draft(train, { kind: 'remove-step', name: 'check' })
    expect(problems).toEqual([])
    expect(difference(train, text)).toEqual([
      '-  # Stops the run if the data is not what schemas/flights.yaml says.',
      '-  check:',
      '-    uses: data/validate',
      '-    in: { statistics: stats, data: extract }',
      '-    with: { schema: schemas/flights.yaml }',
      '-    needs: [check]',
    ])
    expect(draft(train, { kind: 'remove-step', name: 'prepare' }).text).toContain('    in: { model: train }\n')
  })

  it('renames a step everywhere', () => {
    const text = `name: train
steps:
  extract: { uses: data/extract, with: { dataset: extract } }
  stats:
    uses: data/statistics
    in: { data: extract.data } # the extract
    needs: [extract]
    when: steps.extract.values.rows > 10 && params.extract != 'steps.extract' # why
`
    expect(draft(text, { kind: 'rename-step', name: 'extract', newName: 'load' }).text).toBe(`name: train
steps:
  load: { uses: data/extract, with: { dataset: extract } }
  stats:
    uses: data/statistics
    in: { data: load.data } # the extract
    needs: [load]
    when: steps.load.values.rows > 10 && params.extract != 'steps.extract' # why
`)
  })

  it('connects an input, replacing the edge that was there', () => {
    const { text } = draft(train, {
      kind: 'connect',
      step: 'stats',
      input: 'data',
      from: { step: 'split', output: 'splits' },
    })
    expect(difference(train, text)).toEqual(['+    in: { data: split.splits }'])
    const bare = 'name: train\nsteps:\n  stats:\n    uses: data/statistics # of all\n'
    expect(
      draft(bare, { kind: 'connect', step: 'stats', input: 'data', from: { step: 'extract', output: null } }).text,
    ).toBe(`${bare}    in: { data: extract }\n`)
  })

  it('disconnects an input, and takes away what is left empty', () => {
    const edit = (step: string, input: string, from: string): PipelineEdit => ({
      kind: 'disconnect',
      step,
      input,
      from,
    })
    expect(draft(train, edit('evaluate', 'model', 'train')).text).toContain('    in: { data: prepare }\n')
    const text = draft(train, edit('stats', 'data', 'extract')).text
    expect(text).toContain('    uses: data/statistics\n  # Stops')
    expect(() => draft(train, edit('stats', 'data', 'split'))).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    )
  })

  it.each<[PipelineEdit, string]>([
    [{ kind: 'remove-step', name: 'chek' }, 'invalid-request'],
    [{ kind: 'rename-step', name: 'check', newName: 'a.b' }, 'invalid-request'],
    [{ kind: 'rename-step', name: 'check', newName: 'gate' }, 'conflict'],
    [{ kind: 'connect', step: 'chek', input: 'a', from: { step: 'b', output: null } }, 'invalid-request'],
  ])('%j is refused', (edit, code) => {
    expect(() => draft(train, edit)).toThrow(expect.objectContaining({ code }))
  })

  it('of text that is not YAML is refused', () => {
    expect(() => draft('a: [', { kind: 'set', path: ['a'], value: 1 })).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    )
  })
})

it.each([
  ['steps.a.status == "steps.a"', 'steps.b.status == "steps.a"'],
  ['!steps.a.values.x&&steps.ab.x', '!steps.b.values.x&&steps.ab.x'],
  ['params.a == steps.a', 'params.a == steps.b'],
  ["'it''s' == steps.a.x", "'it''s' == steps.b.x"],
])('in the condition %s the step is renamed', (condition, expected) => {
  expect(renameInCondition(condition, 'a', 'b')).toBe(expected)
})
