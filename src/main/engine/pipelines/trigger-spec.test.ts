import { describe, expect, test } from 'vitest'
import { planPipeline } from './planner.ts'
import { testCatalogue } from './testing/components.ts'
import type { TriggerSurroundings } from './trigger-problems.ts'

function problemsOf(triggers: string, surroundings?: TriggerSurroundings) {
  const text = `name: p
parameters: { from: 2001-01-01 }
steps:
  one: { uses: test/noop, with: { name: one } }
triggers:
${triggers}`
  const planned = planPipeline({ text, file: 'pipelines/p.yaml', catalogue: testCatalogue, surroundings })
  return planned.ok ? [] : planned.problems
}

test('a schedule, with and without its options', () => {
  expect(problemsOf('  - schedule: "0 3 * * 1"\n')).toEqual([])
  expect(
    problemsOf(`  - schedule: "@daily"
    timeZone: America/Sao_Paulo
    missed: skip
    parameters: { from: 2001-02-01 }
  - { schedule: "@daily", timeZone: UTC }
`),
  ).toEqual([])
})

test('what is wrong is said at its line and column, with what is allowed', () => {
  expect(
    problemsOf(`  - schedule: "0 25 * * *"
    timeZone: America/Sao_Paolo
    missed: twice
`),
  ).toEqual([
    {
      file: 'pipelines/p.yaml',
      line: 6,
      column: 15,
      path: 'triggers.0.schedule',
      message: 'The field for the hour cannot be 25.',
      found: '0 25 * * *',
      expected: 'minute (0-59) hour (0-23) day (1-31) month (1-12) weekday (0-7 or MON-SUN), or @daily and the like',
    },
    expect.objectContaining({ line: 8, column: 13, found: 'twice', expected: 'one of once, skip' }),
    {
      file: 'pipelines/p.yaml',
      line: 7,
      column: 15,
      path: 'triggers.0.timeZone',
      message: 'The time zone is not known.',
      found: 'America/Sao_Paolo',
      expected: 'a name of the IANA list, such as America/Sao_Paulo or UTC',
      nearest: 'America/Sao_Paulo',
    },
  ])
})

test('a misspelt key, a parameter that is not declared, a schedule that is there twice', () => {
  expect(problemsOf('  - shedule: "0 3 * * 1"\n')).toContainEqual(
    expect.objectContaining({ line: 6, column: 5, found: 'shedule', nearest: 'schedule' }),
  )
  expect(problemsOf('  - { schedule: "0 3 * * 1", parameters: { form: 1 } }\n  - schedule: "0 3 * * 1"\n')).toEqual([
    expect.objectContaining({ line: 6, column: 44, path: 'triggers.0.parameters.form', nearest: 'from' }),
    expect.objectContaining({ line: 7, column: 5, path: 'triggers.1', message: 'The same schedule is there twice.' }),
  ])
})

describe('L1.11: every kind of trigger', () => {
  const project: TriggerSurroundings = {
    datasets: ['flights'],
    models: ['flight-delay'],
    pipelines: new Map([
      ['p', []],
      ['extract', ['clean']],
      ['clean', []],
      ['report', ['other', 'p']],
      ['other', ['other']],
    ]),
    monitors: new Map([
      [
        'flight-delay',
        new Map([
          ['auc', 'performance'],
          ['inputs', 'drift'],
          ['outputs', 'prediction-drift'],
          ['slow', 'latency'],
        ]),
      ],
      [
        'many',
        new Map([
          ['auc', 'performance'],
          ['loss', 'performance'],
        ]),
      ],
      ['broken', undefined],
    ]),
  }

  test('T3, T4, T5, after, and combinations with what holds them back', () => {
    const text = `  - new-data: flights
    debounce: 2m
    minRows: 1000
    parameters: { from: "\${{ trigger.from }}" }
  - performance: { model: flight-delay, dataset: flights, metric: auc, below: 0.6 }
  - performance: { model: flight-delay, dataset: flights, metric: rmse, above: 3, window: 2w, minRows: 10 }
  - drift: { model: flight-delay, dataset: flights, above: 0.1 }
    cooldown: 6h
    quietHours: { from: "22:00", to: "06:00" }
    timeZone: America/Sao_Paulo
    budget: { runs: 2, minutes: 30 }
    overlap: allow
  - after: extract
  - after: { project: other, pipeline: extract }
  - alert: { monitor: flight-delay, check: auc, severity: critical }
    parameters: { from: "\${{ trigger.alert }}" }
  - alert: { monitor: broken, check: anything }
  - drift: { monitor: flight-delay, above: 2 }
  - drift: { monitor: flight-delay, check: outputs, above: 0.1 }
  - performance: { monitor: flight-delay, below: 0.6 }
    parameters: { from: "\${{ trigger.reading }}" }
  - performance: { monitor: many, check: loss, above: 0.6 }
  - performance: { monitor: broken, check: anything, below: 0.6 }
  - all: [{ schedule: "0 3 * * *", missed: skip }, { any: [{ new-data: flights }, { after: clean }] }]
`
    expect(problemsOf(text, project)).toEqual([])
  })

  test('T4, T5: monitors and checks that the project does not have, with the nearest one', () => {
    const text = `  - alert: { monitor: flight-dely }
  - all: [{ schedule: "0 3 * * *" }, { alert: { monitor: flight-delay, check: auk } }]
`
    expect(problemsOf(text, project)).toMatchObject([
      { path: 'triggers.0.alert.monitor', found: 'flight-dely', nearest: 'flight-delay' },
      { path: 'triggers.1.all.1.alert.check', found: 'auk', nearest: 'auc' },
    ])
  })

  test('T4, T5: monitors that are not there, checks of another kind, one limit for several metrics', () => {
    const text = `  - drift: { monitor: flight-dely, above: 0.1 }
  - performance: { monitor: flight-delay, check: auk, below: 0.6 }
  - any: [{ drift: { monitor: flight-delay, check: slow, above: 0.1 } }, { drift: { monitor: many, above: 0.1 } }]
  - performance: { monitor: many, below: 0.6 }
`
    expect(problemsOf(text, project)).toMatchObject([
      { path: 'triggers.0.drift.monitor', found: 'flight-dely', nearest: 'flight-delay' },
      { path: 'triggers.1.performance.check', found: 'auk', nearest: 'auc' },
      { path: 'triggers.2.any.0.drift.check', found: 'slow', expected: 'one of inputs, outputs' },
      { path: 'triggers.2.any.1.drift.monitor', message: 'No check of the monitor "many" is about drift.' },
      { path: 'triggers.3.performance.monitor', found: 'many', expected: 'one of auc, loss' },
    ])
  })

  test('T4, T5: a look at a dataset or a reading of a monitor, each with what belongs to it', () => {
    const both = '{ monitor: m, model: m, dataset: d, above: 0.1, minRows: 5 }'
    expect(problemsOf(`  - drift: ${both}\n`)).toMatchObject(
      ['model', 'dataset', 'minRows'].map((name) => ({
        path: `triggers.0.drift.${name}`,
        message: `"${name}" belongs to a look at a dataset: the monitor says what it reads.`,
      })),
    )
    expect(problemsOf('  - drift: { model: m, check: c, above: 1.1 }\n')).toMatchObject([
      { path: 'triggers.0.drift.check', message: '"check" belongs to a monitor.' },
      { path: 'triggers.0.drift', message: '"dataset" is missing.', expected: 'model, dataset; or monitor' },
      { path: 'triggers.0.drift.above', message: 'A weighted drift is at most 1.' },
    ])
    expect(problemsOf('  - performance: { monitor: m, below: 1, above: 2 }\n')).toMatchObject([
      { path: 'triggers.0.performance', message: 'There must be one limit.' },
    ])
  })

  test('names that the project does not have, at their place, with the nearest one', () => {
    const text = `  - new-data: flihgts
  - drift: { model: flight-dela, dataset: flights, above: 0.1 }
  - any:
      - performance: { model: flight-delay, dataset: flighs, metric: auc, below: 0.6 }
      - after: extrct
`
    const [dataset, model, inner, pipeline, ...others] = problemsOf(text, project)
    expect(others).toEqual([])
    expect(dataset).toMatchObject({ line: 6, column: 15, path: 'triggers.0.new-data', nearest: 'flights' })
    expect(model).toMatchObject({ line: 7, path: 'triggers.1.drift.model', nearest: 'flight-delay' })
    expect(inner).toMatchObject({ line: 9, path: 'triggers.2.any.0.performance.dataset', nearest: 'flights' })
    expect(pipeline).toMatchObject({ line: 10, column: 16, path: 'triggers.2.any.1.after', nearest: 'extract' })
  })

  test('pipelines that would start each other in a circle, also from a circle that leads elsewhere', () => {
    expect(problemsOf('  - after: report\n', project)).toMatchObject([
      { line: 6, column: 12, message: 'The pipelines would start each other in a circle: p → report → p.' },
    ])
    expect(problemsOf('  - after: p\n', project)).toMatchObject([{ message: expect.stringContaining('p → p') }])
    expect(problemsOf('  - after: other\n', project)).toEqual([])
  })

  test('conditions that are missing or several, options of another kind, a limit on the wrong side', () => {
    expect(problemsOf('  - { cooldown: 1h }\n')).toMatchObject([
      { line: 6, message: 'The condition is missing.', expected: expect.stringContaining('new-data') },
    ])
    expect(problemsOf('  - { new-data: flights, after: extract }\n')).toMatchObject([
      { column: 33, message: 'Several conditions are joined by "all" or "any".' },
    ])
    expect(problemsOf('  - { after: extract, minRows: 5 }\n')).toMatchObject([
      { column: 32, message: '"minRows" belongs to the condition "new-data".' },
    ])
    const wrongSide = '{ model: m, dataset: d, metric: auc, above: 0.6 }'
    expect(problemsOf(`  - performance: ${wrongSide}\n`)).toMatchObject([
      { path: 'triggers.0.performance.above', message: 'A better auc is higher: its limit is "below".' },
    ])
    expect(problemsOf('  - performance: { model: m, dataset: d, metric: aux, below: 0.6 }\n')).toMatchObject([
      { found: 'aux', nearest: 'auc', expected: expect.stringContaining('one of auc, accuracy') },
    ])
    expect(problemsOf('  - { new-data: d, debounce: soon }\n')).toMatchObject([
      { message: expect.stringContaining('a number with a unit'), found: 'soon' },
    ])
    expect(problemsOf('  - { new-data: d, quietHours: { from: "25:00", to: "06:00" } }\n')).toMatchObject([
      { path: 'triggers.0.quietHours.from', found: '25:00' },
    ])
  })

  test('what parameters may say of the trigger', () => {
    const placeholder = (text: string) => `  - { new-data: d, parameters: { from: "\${{ ${text} }}" } }\n`
    expect(problemsOf(placeholder('trigger.from'))).toEqual([])
    expect(problemsOf(placeholder('trigger.form'))).toMatchObject([
      { path: 'triggers.0.parameters.from', found: 'trigger.form', nearest: 'trigger.from' },
    ])
    expect(problemsOf(placeholder('trigger.run'))).toMatchObject([
      { message: '"trigger.run" is known only to a trigger with the condition "after".' },
    ])
    expect(problemsOf(placeholder('trigger.'))).toMatchObject([{ path: 'triggers.0.parameters.from' }])
  })
})
