/** Reads the imports of TypeScript files. Pure. */
import { posix } from 'node:path'

export interface Import {
  /** Relative to the repository, with "/". */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** As written, e.g. `../kernel/ids.ts`, `#shared/runs.ts` or `zod`. */
  readonly specifier: string
  /** Of a file of ours: its path, relative to the repository; undefined for a package. */
  readonly target: string | undefined
}

/** `import … from`, `export … from`, `import 'x'`, of values and types alike, over one line or several. */
const statement = /^[ \t]*(?:import|export)\b(?:[^'"`;()]*?\bfrom)?[ \t\r\n]*(['"])([^'"\n]+)\1/gm
/** `import('x')`, also in types, and `require('x')`. */
const call = /\b(?:import|require)\(\s*(['"])([^'"\n]+)\1/g

export function importsIn(file: string, text: string): Import[] {
  const code = blankComments(text)
  return [...code.matchAll(statement), ...code.matchAll(call)]
    .map((match) => {
      const specifier = match[2] ?? ''
      const at = match.index + match[0].lastIndexOf(specifier)
      return { file, line: text.slice(0, at).split('\n').length, specifier, target: targetOf(file, specifier) }
    })
    .sort((a, b) => a.line - b.line)
}

/** Comments become spaces, so that lines stay where they are. Texts are kept: specifiers are texts. */
function blankComments(text: string): string {
  const tokens = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return text.replace(tokens, (token) => (token.startsWith('/') ? token.replace(/[^\n]/g, ' ') : token))
}

function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#shared/')) return `src/shared/${specifier.slice('#shared/'.length)}`
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier)
  return undefined
}

/**
 * The groups of files that import each other in a circle, each sorted, every file in at most one
 * (Tarjan's strongly connected components).
 */
export function importCycles(imports: readonly Import[]): string[][] {
  const edges = new Map<string, Set<string>>()
  for (const { file, target } of imports) {
    if (target === undefined) continue
    edges.set(file, (edges.get(file) ?? new Set()).add(target))
  }
  return strongComponents(edges)
    .filter((group) => group.length > 1 || edges.get(group[0] ?? '')?.has(group[0] ?? ''))
    .map((group) => group.sort())
}

function strongComponents(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const open = new Set<string>()
  const groups: string[][] = []

  function visit(name: string): void {
    order.set(name, order.size)
    low.set(name, order.size - 1)
    stack.push(name)
    open.add(name)
    for (const next of edges.get(name) ?? []) {
      if (!order.has(next)) visit(next)
      if (open.has(next)) low.set(name, Math.min(low.get(name) ?? 0, low.get(next) ?? 0))
    }
    if (low.get(name) !== order.get(name)) return
    const group = stack.splice(stack.indexOf(name))
    for (const member of group) open.delete(member)
    groups.push(group)
  }

  for (const name of edges.keys()) if (!order.has(name)) visit(name)
  return groups
}
