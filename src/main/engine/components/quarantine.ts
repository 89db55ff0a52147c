import { join } from 'node:path'
import { z } from 'zod'
import { projectFile, readProjectFile } from '../data/project-file.ts'
import { divideRows } from '../data/quarantine.ts'
import { parseSchema } from '../data/schema.ts'
import { knownEnvironment } from '../data/validate.ts'
import { defineComponent, StopStep } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { fileOf } from './artifact-files.ts'

const options = z.strictObject({
  schema: z.string().describe('The schema file, relative to the project folder, e.g. schemas/flights.yaml.'),
  environment: z
    .string()
    .default('TRAINING')
    .describe('Columns that the schema does not expect here are not looked at.'),
  maxFraction: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'The largest share of rows that may be put aside; beyond it the step fails, as the data itself is wrong.',
    ),
})

/** Puts rows aside that single-handedly break the schema, so that a few bad ones do not stop all the others. */
export const quarantine = defineComponent({
  name: 'data/quarantine',
  version: '1',
  summary: 'Divides rows into those that satisfy a schema and those that do not, with the reasons.',
  inputs: { data: { types: ['table'], summary: 'The rows to divide.' } },
  outputs: {
    data: { type: 'table', summary: 'The rows that satisfy the schema, as data.parquet.' },
    quarantined: { type: 'table', summary: 'The others, with the column "quarantine_reasons", as data.parquet.' },
  },
  options,
  cacheable: true,
  sources: async ({ schema }, project) => [await projectFile(schema, project.path)],
  async run(context) {
    const { schema: file, maxFraction } = context.options
    const schema = parseSchema(await readProjectFile(file, context.project.path), file)
    const environment = knownEnvironment(schema, context.options.environment)
    const input = context.input('data')
    const path = fileOf(input, 'data.parquet')
    const output = {
      good: context.output('data').path('data.parquet'),
      quarantined: context.output('quarantined').path('data.parquet'),
    }
    const divided = await withTables(
      async (tables) => {
        await tables.restrict({ files: [path, output.good, output.quarantined] })
        return await divideRows(tables, path, { schema, environment }, output)
      },
      { signal: context.signal, tempPath: join(context.scratchPath, 'spill') },
    )
    // What says where the columns come from holds for the rows that are left.
    if (input.files.has('features.json')) context.output('data').link('features.json', input)
    const { rows, good, quarantined } = divided
    context.log(`${rows} rows: ${good} satisfy ${file}, ${quarantined} are quarantined`)
    for (const { reason, rows: count } of divided.reasons) context.log(`${reason}: ${count} rows`, 'warning')
    context.value('rows', good)
    context.value('quarantined', quarantined)
    context.value('share', rows === 0 ? 0 : quarantined / rows)
    if (quarantined > maxFraction * rows) throw tooMany(quarantined, rows, maxFraction, file)
  },
})

function tooMany(quarantined: number, rows: number, maxFraction: number, file: string): StopStep {
  const share = Number(((100 * quarantined) / rows).toPrecision(3))
  return new StopStep('data-invalid', `${quarantined} of ${rows} rows (${share} %) do not satisfy ${file}.`, {
    where: file,
    found: `${share} %`,
    allowed: `at most ${100 * maxFraction} %`,
    next: 'Look at the quarantined rows and mend the data or the schema; or raise "maxFraction".',
  })
}
