import { join } from 'node:path'
import { z } from 'zod'
import { splitRows } from '../data/split.ts'
import { defineComponent } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { fileOf, linkFeatureManifest } from './artifact-files.ts'

const share = z.number().gt(0).lt(1)
const options = z
  .strictObject({
    by: z
      .enum(['random', 'time', 'group'])
      .default('random')
      .describe('By chance; the newest rows for testing; or by chance with the rows of a group together.'),
    column: z
      .string()
      .optional()
      .describe('by: time, the column to order by; by: group, the column that names the group.'),
    test: share.default(0.2).describe('The share of rows to test with.'),
    validation: share.default(0.1).describe('The share of rows to validate with while training.'),
    target: z.string().optional().describe('by: random, a category whose shares are the same in every part.'),
  })
  .refine(({ test, validation }) => test + validation < 1, {
    message: '"test" and "validation" leave no rows to train on',
  })
  .refine(({ by, column }) => by === 'random' || column !== undefined, {
    message: '"column" is missing',
    path: ['column'],
  })

/** Divides the rows, so that a model is tested on rows that it never saw. */
export const split = defineComponent({
  name: 'data/split',
  version: '1',
  summary: 'Divides rows into parts to train on, to validate with and to test with.',
  inputs: { data: { types: ['table'], summary: 'The rows to divide.' } },
  outputs: { splits: { type: 'splits', summary: 'train.parquet, validation.parquet and test.parquet.' } },
  options,
  cacheable: true,
  async run(context) {
    const data = context.input('data')
    const path = fileOf(data, 'data.parquet')
    const output = context.output('splits')
    const { rows, description } = await withTables(
      (tables) =>
        splitRows(
          tables,
          path,
          { ...context.options, seed: context.seed },
          {
            train: output.path('train.parquet'),
            validation: output.path('validation.parquet'),
            test: output.path('test.parquet'),
          },
        ),
      { signal: context.signal, tempPath: join(context.scratchPath, 'spill') },
    )
    linkFeatureManifest(data, output)
    context.log(
      `${rows.train} rows to train, ${rows.validation} to validate, ${rows.test} to test; split ${description}`,
    )
    context.value('trainRows', rows.train)
    context.value('validationRows', rows.validation)
    context.value('testRows', rows.test)
  },
})
