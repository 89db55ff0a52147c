/** What a gate said of a version, beside ledgers that give the words of its verdict as their reason. */
import { judgementSchema } from '#shared/gate.ts'
import { jsonColumn } from '../store/json-column.ts'

/** Of a row that has a model, a version and a reason; null where the reason is not that of the version's verdict. */
export function judgementSql(of: { model: string; version: string; reason: string }): string {
  return `(SELECT json_object('blessed', json(j.verdict -> '$.blessed'), 'checks', json(j.verdict -> '$.checks'))
    FROM model_version j WHERE j.model = ${of.model} AND j.version = ${of.version}
    AND j.verdict ->> '$.reason' = ${of.reason})`
}

export const judgementColumn = jsonColumn(judgementSchema).nullable()

/** A row without the column where it says nothing. */
export function withoutNoGate<Row extends { gate: unknown }>({ gate, ...row }: Row) {
  return gate === null ? row : { ...row, gate }
}
