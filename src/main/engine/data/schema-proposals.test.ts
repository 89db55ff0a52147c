import { describe, expect, it } from 'vitest'
import { editYaml } from '../kernel/yaml-edit.ts'
import { inferSchema, parseSchema, schemaText } from './schema.ts'
import { proposeSchema } from './schema-proposals.ts'
import { statisticsOf } from './testing/checked-data.ts'

const data = `select 'C' || lpad(range::varchar, 4, '0') as customer_id, ['red', 'green', 'blue'][range % 3 + 1] as colour,
  range * 2 as amount, case when range % 5 > 0 then range / 10 end as weight, range % 2 = 0 as bought from range(500)`

const kept = `# What a person wrote.
columns:
  customer_id: { type: text } # of the shop
  colour:
    type: text
    presence: { minFraction: 0.5 } # some come without
    domain: { values: [red, green] } # blue is a mistake
  amount: { type: text }
  gone: { type: integer, presence: { minCount: 1 } }
`

describe('inferring an existing schema anew', () => {
  it('adds only what is missing, each by itself, and says what it keeps', async () => {
    const statistics = await statisticsOf(data)
    const { proposals, kept: stays } = proposeSchema(kept, parseSchema(kept, 's.yaml'), statistics, {
      target: 'bought',
    })
    expect(proposals.map(({ column, key }) => `${column} ${key}`)).toEqual([
      'customer_id presence',
      'customer_id domain.pattern',
      'customer_id unique',
      'customer_id drift',
      'customer_id skew',
      'weight type',
      'bought type',
    ])
    expect(stays).toEqual([
      { column: 'amount', words: 'The data has "amount" as integer; the schema keeps text.' },
      { column: 'gone', words: 'The data has no column "gone"; the schema keeps it.' },
    ])
    const one = proposals.find(({ key }) => key === 'domain.pattern')
    expect(editYaml(kept, one?.edits ?? [])).toBe(
      kept.replace('{ type: text } # of', '{ type: text, domain: { pattern: "[A-Z][0-9]{4}" } } # of'),
    )
    expect(one?.lines).toContain('pattern: "[A-Z][0-9]{4}"')
    const all = editYaml(
      kept,
      proposals.flatMap(({ edits }) => edits),
    )
    for (const line of kept.split('\n').filter((text) => text.includes('#') && !text.includes('customer_id'))) {
      expect(all).toContain(line)
    }
    expect(parseSchema(all, 's.yaml').columns).toMatchObject({
      colour: { presence: { minFraction: 0.5 }, domain: { values: ['red', 'green'] } },
      bought: { type: 'boolean', notIn: ['SERVING'] },
    })
    expect(proposeSchema(all, parseSchema(all, 's.yaml'), statistics, { target: 'bought' }).proposals).toEqual([])
  })

  it('proposes limits where they are asked for', async () => {
    const text = 'columns:\n  amount: { type: integer, presence: {}, domain: { min: -5 } }\n'
    const statistics = await statisticsOf('select range * 2 as amount from range(500)')
    const { proposals } = proposeSchema(text, parseSchema(text, 's.yaml'), statistics, { limits: true })
    expect(proposals.map(({ words }) => words)).toEqual([
      'Asks for at least 250 rows.',
      'Sets "max" of "amount" to 1000.',
    ])
  })

  it('has nothing to add to what it inferred itself', async () => {
    const statistics = await statisticsOf(data)
    for (const limits of [true, false]) {
      const text = schemaText(inferSchema(statistics, { limits, target: 'bought' }), statistics)
      const { proposals, kept: stays } = proposeSchema(text, parseSchema(text, 's.yaml'), statistics, {
        limits,
        target: 'bought',
      })
      expect([proposals, stays]).toEqual([[], []])
    }
  })
})
