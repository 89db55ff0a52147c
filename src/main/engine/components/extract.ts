import { join } from 'node:path'
import { z } from 'zod'
import type { DatasetSpec } from '#shared/projects.ts'
import { datasetFiles, openDataset } from '../data/dataset.ts'
import { projectFileName } from '../data/project-file.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { defineComponent, type StepProject } from '../pipelines/component.ts'
import { type DescribedColumn, quoteIdentifier, subquery, withTables } from '../tables/duckdb.ts'

const options = z.strictObject({
  dataset: z.string().describe('The name of a dataset in esteira.yaml.'),
  where: z.string().min(1).optional().describe('A SQL condition on the rows to take, e.g. "date >= \'2001-01-01\'".'),
  columns: z.array(z.string()).min(1).optional().describe('The columns to take, in this order. Default: all.'),
  limit: z.number().int().min(1).optional().describe('The largest number of rows to take, from the first on.'),
})

/** Reads a dataset and fixes its rows as an artifact, so that all later steps see the same data. */
export const extract = defineComponent({
  name: 'data/extract',
  version: '1',
  summary: 'Reads the rows of a dataset.',
  inputs: {},
  outputs: { data: { type: 'table', summary: 'The rows, as data.parquet.' } },
  options,
  cacheable: true,
  references: ({ dataset }) => [{ kind: 'dataset', name: dataset }],
  // The declaration of a dataset, its query above all, decides its rows as much as its files do.
  sources: async ({ dataset }, project) => [
    join(project.path, projectFileName),
    ...(await datasetFiles(datasetSpec(project, dataset), project.path)),
  ],
  async run(context) {
    const { dataset, where, columns, limit } = context.options
    const spec = datasetSpec(context.project, dataset)
    const path = context.output('data').path('data.parquet')
    const rows = await withTables(
      async (tables) => {
        const allow = { files: [path] }
        const opened = await openDataset(tables, spec, context.project.path, {
          scratchPath: context.scratchPath,
          allow,
        })
        if (where !== undefined) await tables.checkQuery(`select 1 where (${where}\n)`, 'the option "where"')
        const described = columns && (await tables.describe(opened.query))
        const list = columns?.map((name) => quoteIdentifier(knownColumn(name, described ?? []))).join(', ') ?? '*'
        const condition = where === undefined ? '' : `where (${where}\n)`
        const sql = `select ${list} from ${subquery(opened.query)} ${condition} ${limit === undefined ? '' : `limit ${limit}`}`
        try {
          const written = await tables.writeParquet(sql, path)
          context.log(`${written.rows} rows from ${opened.files.length} ${opened.format} file(s) of "${dataset}"`)
          return written.rows
        } catch (error) {
          throw inWordsOfOption(opened.describeError(error), where)
        }
      },
      { signal: context.signal, tempPath: join(context.scratchPath, 'spill') },
    )
    if (rows === 0) throw noRows(dataset, where)
    context.value('rows', rows)
  },
})

/** A query that fails only with the condition fails because of it. */
function inWordsOfOption(error: unknown, where: string | undefined): unknown {
  if (where === undefined || !(error instanceof EsteiraError) || error.code !== 'query-failed') return error
  return new EsteiraError('query-failed', error.message, {
    ...error.context,
    where: 'the option "where"',
    found: where,
    next: 'Mend the condition; it is SQL over the columns of the dataset.',
  })
}

/** @throws EsteiraError `dataset-not-found` */
export function datasetSpec(project: Pick<StepProject, 'datasets'>, name: string): DatasetSpec {
  const spec = Object.hasOwn(project.datasets, name) ? project.datasets[name] : undefined
  if (spec !== undefined) return spec
  const known = Object.keys(project.datasets)
  const nearest = nearestName(name, known)
  throw new EsteiraError('dataset-not-found', `The project has no dataset "${name}".`, {
    where: 'esteira.yaml',
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function knownColumn(name: string, columns: readonly DescribedColumn[]): string {
  const known = columns.map((column) => column.name)
  if (known.includes(name)) return name
  const nearest = nearestName(name, known)
  throw new EsteiraError('column-not-found', `The dataset has no column "${name}".`, {
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function noRows(dataset: string, where: string | undefined): EsteiraError {
  if (where === undefined) return new EsteiraError('dataset-empty', `The dataset "${dataset}" has no rows.`)
  return new EsteiraError('dataset-empty', `No row of the dataset "${dataset}" meets the condition.`, {
    where: 'the option "where"',
    found: where,
  })
}
