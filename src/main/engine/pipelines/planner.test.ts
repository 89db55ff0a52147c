import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Parameters } from '#shared/runs.ts'
import { type Component, defineComponent } from './component.ts'
import type { Plan } from './plan.ts'
import { type Planned, planPipeline } from './planner.ts'

const nothing = async () => {}

const read = defineComponent({
  name: 'data/read',
  version: '1',
  summary: 'Makes a table.',
  inputs: {},
  outputs: { table: { type: 'table', summary: 'Rows.' } },
  options: z.strictObject({ dataset: z.string(), limit: z.number().int().min(1).optional() }),
  cacheable: true,
  run: nothing,
})
const split = defineComponent({
  name: 'data/split',
  version: '1',
  summary: 'Makes two tables and a report.',
  inputs: { data: { types: ['table'], summary: 'Rows.' } },
  outputs: {
    train: { type: 'table', summary: 'Most rows.' },
    test: { type: 'table', summary: 'The rest.' },
    report: { type: 'statistics', summary: 'Of both.' },
  },
  options: z.strictObject({ by: z.enum(['random', 'time', 'group']).default('random') }),
  cacheable: true,
  run: nothing,
})
const learn = defineComponent({
  name: 'model/learn',
  version: '1',
  summary: 'Makes a model.',
  inputs: {
    data: { types: ['table'], summary: 'Rows.' },
    extra: { types: ['statistics', 'file'], summary: 'More.', optional: true, many: true },
  },
  outputs: { model: { type: 'model', summary: 'The model.' } },
  options: z.strictObject({ epochs: z.number().default(1), layers: z.array(z.number()).default([]) }),
  cacheable: true,
  run: nothing,
})
const tell = defineComponent({
  name: 'test/tell',
  version: '1',
  summary: 'Reads a model, makes nothing.',
  inputs: { model: { types: ['model'], summary: 'The model.' } },
  outputs: {},
  options: z.strictObject({}),
  cacheable: false,
  run: nothing,
})
const catalogue: ReadonlyMap<string, Component> = new Map(
  [read, split, learn, tell].map((component) => [component.name, component as Component]),
)

function plan(text: string, parameters?: Parameters, file = 'pipelines/p.yaml'): Planned {
  return planPipeline({ text, file, catalogue, ...(parameters !== undefined && { parameters }) })
}

function planned(text: string, parameters?: Parameters): Plan {
  const result = plan(text, parameters)
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2))
  return result.plan
}

const good = `name: p
description: All keys in use.
parameters: { dataset: flights, epochs: 3 }
seed: 7
concurrency: 2
steps:
  tell: { uses: test/tell, in: { model: learn }, when: "steps.split.values.rows > 10 && params.epochs > 1" }
  learn:
    uses: model/learn
    in: { data: split.train, extra: [split] }
    with: { epochs: "\${{ params.epochs }}", layers: [8, 4] }
    retry: { times: 2 }
    timeoutMinutes: 1.5
    cache: false
  split: { uses: data/split, in: { data: read } }
  read: { uses: data/read, with: { dataset: "\${{ params.dataset }}" }, needs: [] }
`

describe('a plan', () => {
  it('holds the steps in an order that can be run, with options filled and edges typed', () => {
    const { steps, ...rest } = planned(good)
    expect(rest).toEqual({
      pipeline: 'p',
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      parameters: { dataset: 'flights', epochs: 3 },
      seed: 7,
      concurrency: 2,
      useCache: true,
    })
    expect(steps.map((step) => step.name)).toEqual(['read', 'split', 'learn', 'tell'])
    expect(steps[2]).toEqual({
      name: 'learn',
      component: 'model/learn',
      options: { epochs: 3, layers: [8, 4] },
      inputs: { data: [{ step: 'split', output: 'train' }], extra: [{ step: 'split', output: 'report' }] },
      dependsOn: ['split'],
      when: null,
      retry: { times: 2, delaySeconds: 1 },
      timeoutMs: 90_000,
      cache: false,
    })
    expect(steps[3]?.dependsOn).toEqual(['learn', 'split'])
    expect(steps[0]?.options).toEqual({ dataset: 'flights' })
  })

  it('takes given parameters in place of the declared ones', () => {
    expect(planned(good, { epochs: 9 }).steps[2]?.options).toMatchObject({ epochs: 9 })
    expect(planned(good, { epochs: 9 }).version).toBe(planned(good).version)
  })

  it('of a changed text is another version', () => {
    expect(planned(`${good}# note\n`).version).not.toBe(planned(good).version)
  })
})

/** One wrong thing in an otherwise right file: the steps, then what is said of it. */
const wrong: readonly (readonly [title: string, steps: string, problem: object])[] = [
  [
    'an unknown component',
    'a: { uses: data/raed, with: { dataset: x } }',
    { path: 'steps.a.uses', line: 3, column: 14, message: 'There is no component "data/raed".', nearest: 'data/read' },
  ],
  [
    'an unknown key of a step',
    'a: { uses: data/read, with: { dataset: x }, need: [] }',
    { path: 'steps.a.need', line: 3, column: 47, message: 'The key "need" is not known here.', nearest: 'needs' },
  ],
  [
    'a step without a component',
    'a: { with: {} }',
    { path: 'steps.a.uses', line: 3, column: 6, message: '"uses" is missing.' },
  ],
  [
    'a missing option',
    'a: { uses: data/read }',
    { path: 'steps.a.with.dataset', line: 3, message: '"dataset" is missing.' },
  ],
  [
    'an unknown option',
    'a: { uses: data/read, with: { dataset: x, limt: 3 } }',
    {
      path: 'steps.a.with.limt',
      line: 3,
      column: 45,
      message: 'The key "limt" is not known here.',
      expected: 'one of dataset, limit',
      nearest: 'limit',
    },
  ],
  [
    'an option of the wrong type',
    'a: { uses: data/read, with: { dataset: 3 } }',
    {
      path: 'steps.a.with.dataset',
      line: 3,
      column: 42,
      message: 'Invalid input: expected string, received number.',
      found: '3',
    },
  ],
  [
    'an option out of its range',
    'a: { uses: data/read, with: { dataset: x, limit: 0 } }',
    { path: 'steps.a.with.limit', column: 52, message: 'Too small: expected number to be >=1.', found: '0' },
  ],
  [
    'an option that is none of its choices',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: a }, with: { by: tiem } }',
    { path: 'steps.b.with.by', line: 4, column: 55, expected: 'one of random, time, group', nearest: 'time' },
  ],
  [
    'a missing input',
    'a: { uses: data/split }',
    {
      path: 'steps.a.in',
      line: 3,
      message: 'The input "data" of data/split is missing.',
      expected: 'in: { data: <a step that makes table> }',
    },
  ],
  [
    'an unknown input',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: a, dat: a } }',
    {
      path: 'steps.b.in.dat',
      line: 4,
      column: 41,
      message: 'The component data/split has no input "dat".',
      expected: 'one of data',
      nearest: 'data',
    },
  ],
  [
    'an input of a component without inputs',
    'a: { uses: data/read, with: { dataset: x }, in: { data: a } }',
    { path: 'steps.a.in.data', message: 'The component data/read has no input "data".', expected: 'no inputs' },
  ],
  [
    'an input from an unknown step',
    'extract: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: extrct } }',
    {
      path: 'steps.b.in.data',
      line: 4,
      column: 38,
      message: 'There is no step "extrct".',
      expected: 'one of extract',
      nearest: 'extract',
    },
  ],
  [
    'an unknown output',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: a } }\n  c: { uses: model/learn, in: { data: b.trian } }',
    {
      path: 'steps.c.in.data',
      line: 5,
      column: 39,
      message: 'The step "b" has no output "trian".',
      expected: 'one of train, test, report',
      nearest: 'train',
    },
  ],
  [
    'a step with several outputs that fit',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: a } }\n  c: { uses: model/learn, in: { data: b } }',
    {
      path: 'steps.c.in.data',
      message: 'The step "b" has several outputs that fit; name one as b.<output>.',
      found: 'train: table, test: table, report: statistics',
      expected: 'table',
    },
  ],
  [
    'an output of another type',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: test/tell, in: { model: a } }',
    {
      path: 'steps.b.in.model',
      line: 4,
      column: 38,
      message: 'The input "model" cannot read the step "a".',
      found: 'table: table',
      expected: 'model',
    },
  ],
  [
    'a named output of another type',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: a } }\n  c: { uses: model/learn, in: { data: b.report } }',
    { path: 'steps.c.in.data', message: 'The input "data" cannot read the step "b".', expected: 'table' },
  ],
  [
    'a list where one step is read',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/split, in: { data: [a] } }',
    {
      path: 'steps.b.in.data',
      line: 4,
      column: 38,
      message: 'The input "data" takes one step, not a list.',
      found: '["a"]',
    },
  ],
  [
    'an unknown step in needs',
    'a: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/read, with: { dataset: x }, needs: [a, aa] }',
    { path: 'steps.b.needs.1', line: 4, column: 58, message: 'There is no step "aa".', nearest: 'a' },
  ],
  [
    'a condition that cannot be read',
    'a: { uses: data/read, with: { dataset: x }, when: "1 +" }',
    {
      path: 'steps.a.when',
      line: 3,
      column: 53,
      message: 'The condition cannot be read: "+" is not expected here.',
      found: '1 +',
    },
  ],
  [
    'a condition over an unknown step',
    'gate: { uses: data/read, with: { dataset: x } }\n  b: { uses: data/read, with: { dataset: x }, when: steps.gte.values.ok }',
    { path: 'steps.b.when', line: 4, message: 'There is no step "gte".', nearest: 'gate' },
  ],
  [
    'a condition over an unknown parameter',
    'a: { uses: data/read, with: { dataset: x }, when: params.thershold > 1 }',
    { path: 'steps.a.when', message: '"params.thershold" is not known in a condition.', nearest: 'threshold' },
  ],
  [
    'a condition over anything else',
    'a: { uses: data/read, with: { dataset: x }, when: env.HOME }',
    { path: 'steps.a.when', message: '"env.HOME" is not known in a condition.' },
  ],
  [
    'an undeclared parameter in an option',
    'a: { uses: data/read, with: { dataset: "x ${{ params.treshold }}" } }',
    {
      path: 'steps.a.with.dataset',
      line: 3,
      column: 42,
      message: 'The parameter "treshold" is not declared.',
      nearest: 'threshold',
    },
  ],
  [
    'a placeholder that cannot be read',
    'a: { uses: data/read, with: { dataset: "${{ params. }}" } }',
    { path: 'steps.a.with.dataset', message: 'The expression "params." cannot be read: "." is not expected here.' },
  ],
  [
    'a step that depends on itself',
    'a: { uses: data/read, with: { dataset: x }, needs: [a] }',
    { path: 'steps.a', line: 3, column: 3, message: 'The steps depend on each other in a circle: a → a.' },
  ],
  [
    'a circle through data, needs and conditions',
    'a: { uses: data/read, with: { dataset: x }, needs: [c] }\n  b: { uses: data/split, in: { data: a } }\n  c: { uses: data/read, with: { dataset: x }, when: steps.b.status == null }',
    { path: 'steps.a', line: 3, message: 'The steps depend on each other in a circle: a → c → b → a.' },
  ],
  [
    'a step name that cannot be one',
    '"a b": { uses: data/read, with: { dataset: x } }',
    { line: 3, message: expect.stringContaining('') },
  ],
  [
    'retries out of range',
    'a: { uses: data/read, with: { dataset: x }, retry: { times: 99 } }',
    { path: 'steps.a.retry.times', column: 63, message: 'Too big: expected number to be <=10.' },
  ],
]

describe('a wrong file', () => {
  it.each(wrong)('with %s says so, at its place', (_, steps, problem) => {
    const result = plan(`name: p\nsteps:\n  ${steps}\nparameters: { threshold: 1 }\n`)
    expect(result.ok ? [] : result.problems).toEqual([
      expect.objectContaining({ file: 'pipelines/p.yaml', ...problem }),
    ])
  })

  it.each([
    [
      'name: other\nsteps: { a: { uses: data/read, with: { dataset: x } } }',
      { path: 'name', line: 1, column: 7, expected: 'p' },
    ],
    ['name: p', { path: 'steps', message: '"steps" is missing.' }],
    ['name: p\nsteps: {}', { path: 'steps', line: 2, column: 8, message: 'At least one step is needed.' }],
    [
      'name: p\nstep: {}\nsteps: { a: { uses: data/read, with: { dataset: x } } }',
      { path: 'step', line: 2, column: 1, nearest: 'steps' },
    ],
    ['', { line: 1, column: 1 }],
    ['[]', { line: 1, column: 1 }],
    ['name: p\nsteps:\n  a: [', { line: 3 }],
  ])('of the form %j says so', (text, problem) => {
    const result = plan(text)
    expect(result.ok ? [] : result.problems).toContainEqual(expect.objectContaining(problem))
  })

  it('says everything at once', () => {
    const text = `name: q
steps:
  a: { uses: data/raed }
  b: { uses: data/split, in: { data: a, dat: a }, with: { by: tiem, x: 1 }, when: params.y }
  c: { uses: model/learn, needs: [d], in: { data: b.trian } }
`
    const result = plan(text)
    expect(result.ok ? [] : result.problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '1 name',
      '3 steps.a.uses',
      '4 steps.b.in.dat',
      '4 steps.b.when',
      '4 steps.b.with.by',
      '4 steps.b.with.x',
      '5 steps.c.in.data',
      '5 steps.c.needs.0',
    ])
  })

  it('with parameters that it does not declare says which it has', () => {
    const result = plan(good, { epoch: 3 })
    expect(result.ok ? [] : result.problems).toEqual([
      {
        file: 'pipelines/p.yaml',
        path: 'parameters',
        message: 'The pipeline has no parameter "epoch".',
        found: 'epoch',
        expected: 'one of dataset, epochs',
        nearest: 'epochs',
      },
    ])
  })
})

describe('any pipeline', () => {
  const table = fc.constantFrom('s0', 's1.train', 's1.test', 's3', 's4.train', 's4.test')
  const needs = fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.constantFrom(['s0'], ['s2', 's3'], ['s5']))
  const makers = [
    fc.record({ uses: fc.constant('data/read'), with: fc.constant({ dataset: '${{ params.p }}' }), needs }),
    fc.record({ uses: fc.constant('data/split'), in: fc.record({ data: table }), needs }),
    fc.record({
      uses: fc.constant('model/learn'),
      in: fc.record({ data: table, extra: fc.constantFrom('s1', ['s4', 's1'], 's4.report') }),
      needs,
    }),
  ] as const
  /** Right in everything but the circles that chance makes. */
  const file = fc
    .tuple(...makers, ...makers)
    .chain((steps) => fc.shuffledSubarray([...steps.entries()], { minLength: steps.length }))
    .map((steps) => ({
      name: 'p',
      parameters: { p: 'x' },
      steps: Object.fromEntries(steps.map(([index, step]) => [`s${index}`, step])),
    }))

  it('that is planned has every step after all that it depends on, and every edge leads to a known output', () => {
    let plans = 0
    fc.assert(
      fc.property(file, (content) => {
        const result = plan(JSON.stringify(content))
        if (!result.ok) {
          expect(result.problems).toEqual([
            expect.objectContaining({ message: expect.stringContaining('in a circle') }),
          ])
          return
        }
        plans++
        const before = new Set<string>()
        for (const { name, component, dependsOn, inputs } of result.plan.steps) {
          for (const dependency of dependsOn) expect(before).toContain(dependency)
          for (const [input, edges] of Object.entries(inputs)) {
            for (const edge of edges) {
              expect(dependsOn).toContain(edge.step)
              const source = result.plan.steps.find((other) => other.name === edge.step)?.component ?? ''
              const type = catalogue.get(source)?.outputs[edge.output]?.type
              expect(catalogue.get(component)?.inputs[input]?.types).toContain(type)
            }
          }
          before.add(name)
        }
      }),
      { numRuns: 300 },
    )
    expect(plans).toBeGreaterThan(10)
  })

  it('with one line of its text damaged gives a plan or problems, and never throws', () => {
    const lines = good.split('\n')
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.oneof(fc.string(), fc.constantFrom('', '  ', '- x', '&a *a', 'steps: {}', '  x: null', '  read: 3')),
        (at, text) => {
          const result = plan(lines.with(at, text).join('\n'))
          if (!result.ok) expect(result.problems.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('as any text gives a plan or problems, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = plan(`name: p\nsteps:\n  a: ${text}`)
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})
