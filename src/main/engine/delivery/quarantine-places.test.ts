import { describe, expect, it } from 'vitest'
import { catalogue } from '../components/index.ts'
import { draftPipeline } from '../pipelines/draft.ts'
import { planPipeline } from '../pipelines/planner.ts'
import { quarantineEdits, quarantinePlaces } from './quarantine-places.ts'

const schemaFile = 'schemas/flights.yaml'
const text = `name: train
steps:
  extract: { uses: data/extract, with: { dataset: flights } } # all of them
  other: { uses: data/extract, with: { dataset: weather } }
  stats: { uses: data/statistics, in: { data: extract } }
  check:
    uses: data/validate
    in: { statistics: stats, data: extract }
    with: { schema: schemas/flights.yaml }
  split: { uses: data/split, in: { data: extract }, needs: [check] }
`

function stepsOf(pipeline: string) {
  const planned = planPipeline({ text: pipeline, file: 'pipelines/train.yaml', catalogue, parameters: {} })
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems))
  return planned.plan.steps
}

describe('a place for rows that break a schema', () => {
  it('is after the table whose statistics are checked with it', () => {
    const place = { pipeline: 'train', file: 'pipelines/train.yaml', after: 'extract', step: null }
    expect(quarantinePlaces('train', stepsOf(text), { schemaFile, dataset: 'flights' })).toEqual([place])
    expect(quarantinePlaces('train', stepsOf(text), { schemaFile, dataset: 'weather' })).toEqual([])
    expect(quarantinePlaces('train', stepsOf(text), { schemaFile: 'schemas/weather.yaml' })).toEqual([])
  })

  it('is taken by an edit of the text: all that read the table read the good rows', () => {
    const edits = quarantineEdits(stepsOf(text), { after: 'extract', schemaFile, environment: 'TRAINING' })
    const scope = { file: 'pipelines/train.yaml', catalogue }
    const { text: edited, problems } = draftPipeline(text, edits, scope)
    expect(problems).toEqual([])
    expect(edited).toContain('# all of them\n  quarantine:')
    const steps = stepsOf(edited)
    const good = [{ step: 'quarantine', output: 'data' }]
    const inputs = Object.fromEntries(steps.map((step) => [step.name, step.inputs]))
    expect(inputs).toMatchObject({ stats: { data: good }, check: { data: good }, split: { data: good } })
    expect(inputs.quarantine).toEqual({ data: [{ step: 'extract', output: 'data' }] })
    expect(quarantinePlaces('train', steps, { schemaFile })).toEqual([
      { pipeline: 'train', file: 'pipelines/train.yaml', after: 'extract', step: 'quarantine' },
    ])
  })
})
