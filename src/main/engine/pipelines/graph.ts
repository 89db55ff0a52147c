/** Pure graph questions about named nodes and what each depends on. */

export type Graph = ReadonlyMap<string, readonly string[]>

export type Ordering =
  | { readonly kind: 'ordered'; readonly names: readonly string[] }
  /** One cycle, each name depending on the next, the last on the first. */
  | { readonly kind: 'cycle'; readonly names: readonly string[] }

/** Dependencies first; among free nodes the order of the map is kept (Kahn's algorithm). Unknown dependencies are ignored. */
export function orderGraph(graph: Graph): Ordering {
  const waiting = new Map<string, number>()
  const dependents = new Map<string, string[]>()
  for (const [name, dependencies] of graph) {
    const known = new Set(dependencies.filter((dependency) => graph.has(dependency)))
    waiting.set(name, known.size)
    for (const dependency of known) {
      const others = dependents.get(dependency)
      if (others === undefined) dependents.set(dependency, [name])
      else others.push(name)
    }
  }
  const names = [...waiting].filter(([, count]) => count === 0).map(([name]) => name)
  for (let index = 0; index < names.length; index++) {
    for (const dependent of dependents.get(names[index] ?? '') ?? []) {
      const left = (waiting.get(dependent) ?? 0) - 1
      waiting.set(dependent, left)
      if (left === 0) names.push(dependent)
    }
  }
  return names.length === graph.size ? { kind: 'ordered', names } : { kind: 'cycle', names: findCycle(graph, names) }
}

function findCycle(graph: Graph, done: readonly string[]): string[] {
  const finished = new Set(done)
  const path: string[] = []
  let current = [...graph.keys()].find((name) => !finished.has(name))
  while (current !== undefined) {
    const seenAt = path.indexOf(current)
    if (seenAt >= 0) return path.slice(seenAt)
    path.push(current)
    current = graph.get(current)?.find((dependency) => graph.has(dependency) && !finished.has(dependency))
  }
  return path
}

/** Everything that depends on one of the given names, directly or not, without the names themselves. */
export function downstreamOf(graph: Graph, names: readonly string[]): Set<string> {
  const found = new Set<string>()
  const order = orderGraph(graph)
  if (order.kind === 'cycle') return found
  const roots = new Set(names)
  for (const name of order.names) {
    const touched = (graph.get(name) ?? []).some((dependency) => roots.has(dependency) || found.has(dependency))
    if (touched && !roots.has(name)) found.add(name)
  }
  return found
}
