import { expect, test } from 'vitest'
import { planPipeline } from './planner.ts'
import { testCatalogue } from './testing/components.ts'

function problemsOf(triggers: string) {
  const text = `name: p
parameters: { from: 2001-01-01 }
steps:
  one: { uses: test/noop, with: { name: one } }
triggers:
${triggers}`
  const planned = planPipeline({ text, file: 'pipelines/p.yaml', catalogue: testCatalogue })
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
    expect.objectContaining({ line: 8, column: 13, found: 'twice', expected: 'one of once, skip' }),
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
