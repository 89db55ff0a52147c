import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { computeStatistics } from '../data/statistics.ts'
import { defineComponent } from '../pipelines/component.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { fileOf } from './artifact-files.ts'

/** Describes what the data looks like, for the schema check, for drift and for people. */
export const statistics = defineComponent({
  name: 'data/statistics',
  version: '2',
  summary: 'Computes the statistics of every column.',
  inputs: { data: { types: ['table'], summary: 'The rows to describe.' } },
  outputs: { statistics: { type: 'statistics', summary: 'The statistics, as statistics.json.' } },
  options: z.strictObject({}),
  cacheable: true,
  async run(context) {
    const path = fileOf(context.input('data'), 'data.parquet')
    const result = await withTables((tables) => computeStatistics(tables, `from ${parquetSource(path)}`), {
      signal: context.signal,
      tempPath: join(context.scratchPath, 'spill'),
    })
    await writeFile(context.output('statistics').path('statistics.json'), JSON.stringify(result))
    context.log(`${result.rows} rows, ${result.columns.length} columns`)
    context.value('rows', result.rows)
    context.value('columns', result.columns.length)
  },
})
