import type { Parameters } from '#shared/runs.ts'

/** Texts in quotes, and names with dots, as the expressions of `when` have them. */
const textOrName = /'[^']*'|"[^"]*"|[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*/gu

/** The condition with `steps.<name>` renamed. All else, quotes and blanks included, stays. Pure. */
export function renameInCondition(condition: string, name: string, newName: string): string {
  return condition.replaceAll(textOrName, (part) => {
    const [root, step, ...rest] = part.split('.')
    return root === 'steps' && step === name ? [root, newName, ...rest].join('.') : part
  })
}

/** The condition with steps renamed by `names` and each parameter in place of its name: it then reads the same anywhere. Pure. */
export function bindCondition(condition: string, names: ReadonlyMap<string, string>, parameters: Parameters): string {
  return condition.replaceAll(textOrName, (part) => {
    const [root, name = '', ...rest] = part.split('.')
    if (root === 'steps') return [root, names.get(name) ?? name, ...rest].join('.')
    const value = root === 'params' ? parameters[name] : undefined
    if (typeof value === 'string') return value.includes("'") ? `"${value}"` : `'${value}'`
    return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : part
  })
}
