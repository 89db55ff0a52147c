/** Logged inputs held against a schema file of the project. */
import { join } from 'node:path'
import { readProjectFile } from '../../data/project-file.ts'
import { parseSchema } from '../../data/schema.ts'
import { computeStatistics } from '../../data/statistics.ts'
import { validateStatistics } from '../../data/validate.ts'
import { answerRules } from '../../data/validation/row-facts.ts'
import { rowRules } from '../../data/validation/row-rules.ts'
import { parquetSource, quoteIdentifier, type Tables } from '../../tables/duckdb.ts'
import type { Outcome } from '../checks/outcome.ts'
import { nothingToSay } from '../checks/outcome.ts'
import { qualityOutcome, servingEnvironment, servingSchema } from '../checks/quality.ts'
import type { RequestSpan } from '../requests/relation.ts'
import { withRequests } from '../requests/with-requests.ts'
import { answered, inputExpressions } from './logged-rows.ts'
import type { JudgedVersion } from './questions.ts'

export interface QualityRequest {
  readonly logPath: string
  readonly span: RequestSpan
  /** Of the schema, relative to the folder of the project. */
  readonly schemaFile: string
  readonly folder: string
  readonly version: JudgedVersion
  readonly scratchPath: string
}

type Open = <T>(work: (tables: Tables) => Promise<T>) => Promise<T>

/** @throws EsteiraError `schema-invalid`, `project-invalid` for a file that is not there */
export async function loggedQuality(open: Open, request: QualityRequest): Promise<Outcome> {
  const { signature } = request.version
  const schema = servingSchema(
    parseSchema(await readProjectFile(request.schemaFile, request.folder), request.schemaFile),
    signature.inputs.map(({ name }) => name),
  )
  if (!schema.environments.includes(servingEnvironment)) {
    return nothingToSay('count', {
      kind: 'no-environment',
      file: request.schemaFile,
      environment: servingEnvironment,
    })
  }
  const columns = Object.keys(schema.columns)
  if (columns.length === 0) return nothingToSay('count', { kind: 'no-known-input', file: request.schemaFile })
  const path = join(request.scratchPath, 'requests.parquet')
  await open((tables) =>
    withRequests(request.logPath, request.span, ({ sql, revisions }) =>
      tables.writeParquet(
        `select ${columns.map(quoteIdentifier).join(', ')} from (select ${inputExpressions(signature, revisions, (name) => name).join(', ')} from ${sql} where ${answered})`,
        path,
      ),
    ),
  )
  // The rules of a schema may be SQL: it reaches these rows alone.
  return await open(async (tables) => {
    await tables.restrict({ files: [path] })
    const statistics = await computeStatistics(tables, `from ${parquetSource(path)}`)
    if (statistics.rows === 0) return nothingToSay('count', { kind: 'no-row' })
    const rules = rowRules(statistics, schema, servingEnvironment)
    const facts = rules.length === 0 ? {} : await answerRules(tables, [path], rules)
    return qualityOutcome(
      statistics,
      validateStatistics(statistics, schema, { environment: servingEnvironment, facts }),
    )
  })
}
