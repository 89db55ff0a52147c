/** Whether a query gives the rows of several files together as it gives those of each file, so that each is read by itself. */
import { z } from 'zod'
import { quoteText, type Tables } from '../../tables/duckdb.ts'

const nodeSchema = z.looseObject({
  type: z.literal('SELECT_NODE'),
  modifiers: z.array(z.unknown()).length(0),
  cte_map: z.looseObject({ map: z.array(z.unknown()).length(0) }),
  select_list: z.array(z.unknown()),
  from_table: z.looseObject({ type: z.literal('BASE_TABLE'), table_name: z.literal('source'), sample: z.null() }),
  where_clause: z.unknown(),
  group_expressions: z.array(z.unknown()).length(0),
  group_sets: z.array(z.unknown()).length(0),
  aggregate_handling: z.literal('STANDARD_HANDLING'),
  having: z.null(),
  sample: z.null(),
  qualify: z.null(),
})
const statementsSchema = z.object({ statements: z.tuple([z.looseObject({ node: nodeSchema })]) })
const textSchema = z.object({ tree: z.union([z.string(), z.unknown()]) })

/** A query that is not understood is not row-wise: it is then only read as a whole. */
export async function isRowWise(tables: Tables, query: string): Promise<boolean> {
  const { tree } = await tables.row(`select json_serialize_sql(${quoteText(query)})::VARCHAR as tree`, textSchema)
  const parsed = statementsSchema.safeParse(typeof tree === 'string' ? JSON.parse(tree) : tree)
  if (!parsed.success) return false
  const { select_list, where_clause } = parsed.data.statements[0].node
  const functions = functionsIn([select_list, where_clause])
  if (functions === undefined) return false
  const names = [...functions].map(quoteText).join(', ')
  if (names === '') return true
  const aggregates = await tables.count(
    `(select 1 from duckdb_functions() where function_type = 'aggregate' and function_name in (${names}))`,
  )
  return aggregates === 0
}

/** The names of all functions; undefined where the rows of an expression depend on other rows or tables. */
function functionsIn(tree: unknown, found: Set<string> = new Set()): Set<string> | undefined {
  if (tree === null || typeof tree !== 'object') return found
  const kind = 'class' in tree ? tree.class : undefined
  if (kind === 'SUBQUERY' || kind === 'WINDOW') return undefined
  if ('function_name' in tree && typeof tree.function_name === 'string') found.add(tree.function_name)
  for (const part of Object.values(tree)) if (functionsIn(part, found) === undefined) return undefined
  return found
}
