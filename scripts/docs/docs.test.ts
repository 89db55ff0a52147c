import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogue } from '../../src/main/engine/components/index.ts'
import { parseFeatureView } from '../../src/main/engine/features/views.ts'
import { planPipeline } from '../../src/main/engine/pipelines/planner.ts'
import { routes } from '../../src/shared/api.ts'
import { errorCatalogue } from '../../src/shared/errors.ts'
import { pipelineJsonSchema } from './editor-schemas.ts'
import { exampleOf } from './pipelines-page.ts'
import { fillRegions } from './regions.ts'
import { keyRows, markdownTable, nameSchemas, toJsonSchema, typeText } from './schema-text.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const samples = 'resources/samples/flight-delay/pipelines/'
const pipelines = readdirSync(new URL(samples, root)).map((file) => ({
  file: `pipelines/${file}`,
  text: read(samples + file),
}))

function problemsIn(text: string, file: string) {
  const planned = planPipeline({ text, file, catalogue })
  return planned.ok ? [] : planned.problems
}

describe('the examples', () => {
  it('of the components are steps of pipelines without a problem', () => {
    expect(pipelines.length).toBeGreaterThan(1)
    for (const { file, text } of pipelines) expect(problemsIn(text, file)).toEqual([])
    const texts = pipelines.map(({ text }) => text)
    for (const name of catalogue.keys()) {
      const example = exampleOf(name, texts)
      expect(example).toMatch(new RegExp(`^[\\w-]+:\n  uses: ${name}`))
      expect(read('docs/pipelines.md')).toContain(example)
    }
    expect(() => exampleOf('data/nothing', texts)).toThrow('no step of the sample project uses data/nothing')
  })

  it('in the introduction have no problem either', () => {
    const blocks = [...read('docs/pipelines.md').matchAll(/```yaml\n# (pipelines\/\S+)\n([\s\S]*?)```/g)]
    expect(blocks).toHaveLength(1)
    for (const [, file = '', text = ''] of blocks) expect(problemsIn(text, file)).toEqual([])
  })

  it('of a feature view means what the view of the sample means', () => {
    const [, file = '', text = ''] = /```yaml\n# (features\/\S+)\n([\s\S]*?)```/.exec(read('docs/features.md')) ?? []
    const example = parseFeatureView(text, file)
    const sample = parseFeatureView(read(`resources/samples/flight-delay/${file}`), file)
    if (!example.ok || !sample.ok) throw new Error('a view cannot be read')
    expect(example.view).toEqual(sample.view)
  })
})

describe('the pages', () => {
  it('hold every route, every error code, every component', () => {
    for (const name of Object.keys(routes)) expect(read('docs/api.md')).toContain(`#### ${name}\n`)
    for (const code of Object.keys(errorCatalogue)) expect(read('docs/errors.md')).toContain(`| \`${code}\` `)
    for (const name of catalogue.keys()) expect(read('docs/pipelines.md')).toContain(`### ${name}\n`)
  })

  it('link only to sections that exist', () => {
    for (const page of ['docs/api.md', 'docs/pipelines.md', 'docs/errors.md']) {
      const text = read(page)
      const anchors = new Set(
        [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
          title
            .toLowerCase()
            .replace(/[^\w -]/g, '')
            .replaceAll(' ', '-'),
        ),
      )
      for (const [, target = ''] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(target)
    }
  })
})

describe('regions', () => {
  const page = 'a\n<!-- generated: one -->\nold\n<!-- end -->\nb\n'

  it('are filled, again and again with the same result, and the rest stays', () => {
    const once = fillRegions(page, { one: 'new $& text' })
    expect(once).toBe('a\n<!-- generated: one -->\n\nnew $& text\n\n<!-- end -->\nb\n')
    expect(fillRegions(once, { one: 'new $& text' })).toBe(once)
  })

  it('must be those that there is content for', () => {
    expect(() => fillRegions(page, {})).toThrow('the regions one')
    expect(() => fillRegions(page, { one: '', two: '' })).toThrow('one, two')
  })
})

describe('a schema in words', () => {
  it.each<[z.ZodType, string]>([
    [z.string(), 'text'],
    [z.number().int().min(1).max(9), 'whole number, at least 1, at most 9'],
    [z.number().positive(), 'number, above 0'],
    [z.enum(['a', 'b']), '`a` or `b`'],
    [z.literal(3), '`3`'],
    [z.array(z.boolean()), 'list of true or false'],
    [z.tuple([z.string(), z.number()]), 'list of text and number'],
    [z.record(z.string(), z.number()), 'mapping of name to number'],
    [z.union([z.string(), z.array(z.string())]), 'text or list of text'],
    [z.number().nullable(), 'number or null'],
    [z.json(), 'any JSON'],
  ])('%#: %s', (schema, text) => {
    expect(typeText(toJsonSchema(schema, 'input'))).toBe(text)
  })

  it('tells every key, inside objects, lists and mappings', () => {
    const schema = z.object({
      a: z.string().describe('First.'),
      b: z.object({ c: z.number().default(3) }).optional(),
      d: z.array(z.object({ e: z.string() })),
      f: z.record(z.string(), z.object({ g: z.boolean() })).default({}),
    })
    expect(
      keyRows(toJsonSchema(schema, 'input')).map(({ key, required, default: value }) => [key, required, value]),
    ).toEqual([
      ['a', true, undefined],
      ['b', false, undefined],
      ['b.c', false, '3'],
      ['d', true, undefined],
      ['d[].e', true, undefined],
      ['f', false, '{}'],
      ['f.<name>.g', true, undefined],
    ])
  })

  it('tells the keys of alternatives once, with the alternatives that have them', () => {
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), both: z.string(), only: z.number().describe('A number.') }),
      z.object({ kind: z.literal('b').describe('The other.'), both: z.string() }),
    ])
    expect(
      keyRows(toJsonSchema(schema, 'input')).map(({ key, type, description }) => [key, type, description]),
    ).toEqual([
      ['kind', '`a` or `b`', '`b`: The other.'],
      ['both', 'text', ''],
      ['only', 'number', 'With kind: a. A number.'],
    ])
  })

  it('links to types that have a name', () => {
    const thing = z.object({ x: z.number() })
    const schema = toJsonSchema(z.object({ all: z.array(thing) }), 'output', nameSchemas({ Thing: thing }))
    expect(keyRows(schema).map(({ type }) => type)).toEqual(['list of [Thing](#thing)'])
  })

  it('does not break the table that it stands in', () => {
    expect(markdownTable(['a'], [['x | y\nz']])).toBe('| a |\n| --- |\n| x \\| y z |')
  })
})

it('the schema for editors knows each component with its options', () => {
  const text = JSON.stringify(pipelineJsonSchema(catalogue))
  for (const component of catalogue.values()) {
    expect(text).toContain(`{"if":{"properties":{"uses":{"const":"${component.name}"}}`)
    for (const { key } of keyRows(toJsonSchema(component.options, 'input'))) {
      expect(text).toContain(JSON.stringify(key.split('.').at(-1)))
    }
  }
})
