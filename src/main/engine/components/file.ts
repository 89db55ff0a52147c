import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { openDataset } from '../data/dataset.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent } from '../pipelines/component.ts'
import { subquery, withTables } from '../tables/duckdb.ts'
import { sourceFile, sourceFiles, uploadOption } from './source-file.ts'

const optionsSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe('A CSV, Parquet or JSON file or a SQLite database, relative to the project folder.'),
  table: z.string().min(1).optional().describe('Of a SQLite database that has several: the table to read.'),
  upload: uploadOption,
})

/** Beyond it DuckDB spills to disk. Reading JSON takes half of it for each thread, whatever the file: so there is one. */
const memoryLimitMb = 1_024
const threads = 1

/** Reads a file that no dataset declares, such as one whose rows are to be predicted. */
export const file = defineComponent({
  name: 'data/file',
  version: '1',
  summary: 'Reads the rows of one data file.',
  inputs: {},
  outputs: { data: { type: 'table', summary: 'The rows, as data.parquet.' } },
  options: optionsSchema,
  // The cache cannot tell whether an upload is still the same.
  cacheable: ({ upload }) => upload === undefined,
  sources: sourceFiles,
  async run(context) {
    const source = await sourceFile(context)
    const path = context.output('data').path('data.parquet')
    const rows = await withTables(
      async (tables) => {
        const opened = await openDataset(
          tables,
          { path: basename(source), table: context.options.table },
          dirname(source),
          { scratchPath: context.scratchPath, allow: { files: [path] } },
        )
        try {
          return (await tables.writeParquet(`select * from ${subquery(opened.query)}`, path)).rows
        } catch (error) {
          throw opened.describeError(error)
        }
      },
      { signal: context.signal, tempPath: join(context.scratchPath, 'spill'), memoryLimitMb, threads },
    )
    if (rows === 0) throw new EsteiraError('dataset-empty', `The file "${basename(source)}" has no rows.`)
    context.log(`${rows} rows from "${basename(source)}"`)
    context.value('rows', rows)
  },
})
