/** Small components for tests of the runner: each does one thing that a real one may do. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { EsteiraError } from '../../kernel/errors.ts'
import { type Component, defineComponent, type InputArtifact, SkipStep } from '../component.ts'

async function readText(input: InputArtifact): Promise<string> {
  return readFile(input.files.get('text.txt') ?? '', 'utf8')
}

/** Writes a text, optionally that of a file of the project; with an input, appends to what it reads. */
const write = defineComponent({
  name: 'test/write',
  version: '1',
  summary: 'Writes a text.',
  inputs: { from: { types: ['file'], summary: 'A text to go on from.', optional: true } },
  outputs: { text: { type: 'file', summary: 'The text.' } },
  options: z.strictObject({ text: z.string().default(''), file: z.string().optional() }),
  cacheable: true,
  sources: async ({ file }, project) => (file === undefined ? [] : [join(project.path, file)]),
  async run(context) {
    const from = context.optionalInput('from')
    const before = from === undefined ? '' : await readText(from)
    const { file } = context.options
    const extra = file === undefined ? '' : await readFile(join(context.project.path, file), 'utf8')
    const text = before + context.options.text + extra
    await writeFile(context.output('text').path('text.txt'), text)
    context.value('length', text.length)
  },
})

const join_ = defineComponent({
  name: 'test/join',
  version: '1',
  summary: 'Joins texts.',
  inputs: { from: { types: ['file'], summary: 'The texts.', many: true } },
  outputs: { text: { type: 'file', summary: 'All of them.' } },
  options: z.strictObject({}),
  cacheable: true,
  async run(context) {
    const texts = await Promise.all(context.inputs('from').map(readText))
    await writeFile(context.output('text').path('text.txt'), texts.join('+'))
  },
})

/** Does what `with` says: for failures, waits and reports. */
const behave = defineComponent({
  name: 'test/behave',
  version: '1',
  summary: 'Fails, waits, skips or crashes.',
  inputs: { from: { types: ['file'], summary: 'Ignored.', optional: true } },
  outputs: {},
  options: z.strictObject({
    waitMs: z.number().default(0),
    ignoreCancel: z.boolean().default(false),
    failTimes: z.number().default(0),
    fail: z.enum(['internal', 'dataset-empty']).optional(),
    skip: z.string().optional(),
    exit: z.boolean().default(false),
    metrics: z.record(z.string(), z.number()).optional(),
    counter: z.string().optional(),
  }),
  cacheable: false,
  async run(context) {
    const { options, signal } = context
    const attempt = options.counter === undefined ? 1 : await count(options.counter)
    context.log(`attempt ${attempt}`)
    context.progress(0.5, 'half way')
    if (options.waitMs > 0) await delay(options.waitMs, undefined, options.ignoreCancel ? {} : { signal })
    if (options.exit) process.exit(3)
    if (options.skip !== undefined) throw new SkipStep(options.skip)
    if (options.fail !== undefined) throw new EsteiraError(options.fail, 'It failed as told.')
    if (attempt <= options.failTimes) throw new EsteiraError('internal', `It failed at attempt ${attempt}.`)
    if (options.metrics !== undefined) {
      for (const [name, value] of Object.entries(options.metrics)) context.metric(name, 0, value)
      context.value('metrics', options.metrics)
    }
  },
})

async function count(path: string): Promise<number> {
  const next = Number(await readFile(path, 'utf8').catch(() => '0')) + 1
  await writeFile(path, String(next))
  return next
}

const noop = defineComponent({
  name: 'test/noop',
  version: '1',
  summary: 'Does nothing but write its own name.',
  inputs: { from: { types: ['file'], summary: 'Ignored.', optional: true } },
  outputs: { text: { type: 'file', summary: 'The name.' } },
  options: z.strictObject({ name: z.string().default('') }),
  cacheable: true,
  async run(context) {
    await writeFile(context.output('text').path('text.txt'), context.options.name)
  },
})

/** Keeps DuckDB busy until it is cancelled. */
const query = defineComponent({
  name: 'test/query',
  version: '1',
  summary: 'Asks DuckDB for what takes it minutes.',
  inputs: {},
  outputs: {},
  options: z.strictObject({}),
  cacheable: false,
  async run({ signal, progress }) {
    const { withTables } = await import('../../tables/duckdb.ts')
    await withTables(
      async (tables) => {
        progress(0.5)
        await tables.count('range(1000000000000) where hash(range) % 7 = 1')
      },
      { signal },
    )
  },
})

export const testCatalogue: ReadonlyMap<string, Component> = new Map(
  [write, join_, behave, noop, query].map((component) => [component.name, component as Component]),
)
