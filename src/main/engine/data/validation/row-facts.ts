/** The one pass over the rows that answers every rule the statistics cannot. */
import { z } from 'zod'
import { EsteiraError } from '../../kernel/errors.ts'
import { parquetSource, quoteIdentifier, quoteText, type Tables } from '../../tables/duckdb.ts'
import { maxExamples } from './anomaly.ts'
import type { RowFact, RowFacts, RowRule } from './row-rules.ts'

/** Rules answered in one pass: planning time grows with the square of the aggregates. */
const rulesPerPass = 100

/**
 * Answers every rule. A rule that cannot be answered, such as a pattern that is none, has its problem among the facts and
 * does not keep the others from being answered.
 * @param tables restricted to the files: a schema holds SQL that a person wrote
 * @param files Parquet
 */
export async function answerRules(
  tables: Tables,
  files: readonly string[],
  rules: readonly RowRule[],
): Promise<RowFacts> {
  const source = relationOf(files)
  const facts: Record<string, RowFact> = {}
  const sound: RowRule[] = []
  for (const rule of rules) {
    const problem = await problemOf(tables, source, rule)
    if (problem === undefined) sound.push(rule)
    else facts[rule.id] = { faulty: 0, examples: [], problem }
  }
  for (let start = 0; start < sound.length; start += rulesPerPass) {
    Object.assign(facts, await answerTogether(tables, source, sound.slice(start, start + rulesPerPass)))
  }
  return facts
}

function relationOf(files: readonly string[]): string {
  const [only] = files
  return parquetSource(files.length === 1 && only !== undefined ? only : files)
}

/** What is wrong with a rule that a person wrote, told without reading a row; undefined where nothing is. */
export async function problemOf(
  tables: Tables,
  source: string,
  { pattern, sql }: RowRule,
): Promise<string | undefined> {
  try {
    if (pattern !== undefined) await tables.run(`select regexp_full_match('', ${quoteText(pattern)})`)
    if (sql !== undefined) await checkCondition(tables, source, sql)
    return undefined
  } catch (error) {
    return wordsOf(error)
  }
}

async function checkCondition(tables: Tables, source: string, sql: string): Promise<void> {
  await tables.checkQuery(`select 1 where (${sql}\n)`, 'the condition')
  const [column] = await tables.describe(`select (${sql}\n) as met from ${source} limit 0`)
  if (column?.storageType !== 'BOOLEAN') {
    const found = column?.storageType ?? 'nothing'
    throw new EsteiraError('query-failed', `A condition is true or false; this one is of type ${found}.`)
  }
  // Aggregates make sense in a query but not in a condition on one row.
  await tables.describe(`select count_if((${sql}\n) is false) as failing from ${source}`)
}

/** The words of a problem of the SQL; everything else, such as a file that is not there, is no fault of the rule. */
function wordsOf(error: unknown): string {
  if (error instanceof EsteiraError && error.code === 'query-failed') return error.message
  throw error
}

const answerSchema = z.record(z.string(), z.union([z.number(), z.array(z.string()), z.null()]))

async function answerTogether(tables: Tables, source: string, rules: readonly RowRule[]): Promise<RowFacts> {
  try {
    return await answer(tables, source, rules)
  } catch (error) {
    const problem = wordsOf(error)
    const [only] = rules
    if (rules.length === 1 && only !== undefined) return { [only.id]: { faulty: 0, examples: [], problem } }
    // One of them fails on some row: alone, each says whether it is the one.
    const facts: Record<string, RowFact> = {}
    for (const rule of rules) Object.assign(facts, await answerTogether(tables, source, [rule]))
    return facts
  }
}

async function answer(tables: Tables, source: string, rules: readonly RowRule[]): Promise<RowFacts> {
  const aggregates = rules.flatMap(({ kind, column, condition }, index) => {
    const name = column === undefined ? undefined : quoteIdentifier(column)
    if (kind === 'distinct') return [`count(distinct ${name}) as f${index}`]
    const count = `count_if(${condition}) as f${index}`
    const shown = kind === 'pattern' || kind === 'values' ? `${name}::VARCHAR` : undefined
    return shown === undefined
      ? [count]
      : [count, `list_sort(list_distinct(min(${shown}, ${maxExamples}) filter (${condition}))) as e${index}`]
  })
  const row = await tables.row(`select ${aggregates.join(', ')} from ${source}`, answerSchema)
  return Object.fromEntries(
    rules.map(({ id }, index) => {
      const faulty = row[`f${index}`]
      const examples = row[`e${index}`]
      return [
        id,
        { faulty: typeof faulty === 'number' ? faulty : 0, examples: Array.isArray(examples) ? examples : [] },
      ]
    }),
  )
}
