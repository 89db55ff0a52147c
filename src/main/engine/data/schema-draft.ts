/** A schema file under work: edited as text, read as far as it can be. Pure. */
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { SchemaDraft } from '#shared/data.ts'
import type { LineRange, YamlEdit } from '#shared/pipelines.ts'
import { editYaml } from '../kernel/yaml-edit.ts'
import { checkSchema } from './schema.ts'

/**
 * @param file as shown in problems
 * @throws EsteiraError as `editYaml` does, where an edit cannot be made
 */
export function draftSchema(text: string, file: string, edits: readonly YamlEdit[]): SchemaDraft {
  const edited = edits.length === 0 ? text : editYaml(text, edits)
  return { text: edited, lines: columnLines(edited), ...checkSchema(edited, file) }
}

/** The lines of each column, from its name to the end of what is said of it; comments before it are not part of it. */
function columnLines(text: string): Record<string, LineRange> {
  const counter = new LineCounter()
  const columns = parseDocument(text, { lineCounter: counter, prettyErrors: false }).get('columns', true)
  if (!isMap(columns)) return {}
  const lines = columns.items.flatMap(({ key, value }): [string, LineRange][] => {
    if (!isScalar(key) || key.range == null) return []
    const end = isNode(value) && value.range != null ? value.range[1] : key.range[1]
    // The end lies behind the last character, which may be a line break.
    const last = text.slice(0, Math.max(end, key.range[1])).trimEnd().length
    const from = counter.linePos(key.range[0]).line
    return [[String(key.value), { from, to: Math.max(from, counter.linePos(Math.max(last - 1, 0)).line) }]]
  })
  return Object.fromEntries(lines)
}
