/** Texts in quotes, and names with dots, as the expressions of `when` have them. */
const textOrName = /'[^']*'|"[^"]*"|[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*/gu

/** The condition with `steps.<name>` renamed. All else, quotes and blanks included, stays. Pure. */
export function renameInCondition(condition: string, name: string, newName: string): string {
  return condition.replaceAll(textOrName, (part) => {
    const [root, step, ...rest] = part.split('.')
    return root === 'steps' && step === name ? [root, newName, ...rest].join('.') : part
  })
}
