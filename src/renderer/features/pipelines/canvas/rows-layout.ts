/** Steps in rows by how far they are from the start, each below those that it waits for. For large graphs. Pure. */

export interface RowEdge {
  readonly from: string
  readonly to: string
}

const orderingSweeps = 4

/** The names row by row. Inside a row, each stands near the middle of what it waits for (barycentre, Sugiyama 1981). */
export function rowsOf(names: readonly string[], edges: readonly RowEdge[]): string[][] {
  const before = new Map<string, string[]>(names.map((name) => [name, []]))
  for (const { from, to } of edges) before.get(to)?.push(from)
  const depths = depthsOf(names, before)
  const rows: string[][] = []
  for (const name of names) {
    const depth = depths.get(name) ?? 0
    const row = rows[depth] ?? []
    rows[depth] = row
    row.push(name)
  }
  const filled = rows.filter((row) => row.length > 0)
  for (let sweep = 0; sweep < orderingSweeps; sweep++) orderRows(filled, before)
  return filled
}

/** The longest way from a start to each name. Steps of a circle stop where it closes. */
function depthsOf(names: readonly string[], before: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    // Registered before it is known, so that a circle ends.
    depths.set(name, 0)
    const depth = Math.max(0, ...(before.get(name) ?? []).map((other) => depthOf(other) + 1))
    depths.set(name, depth)
    return depth
  }
  for (const name of names) depthOf(name)
  return depths
}

function orderRows(rows: string[][], before: ReadonlyMap<string, readonly string[]>): void {
  const places = new Map<string, number>()
  for (const row of rows) {
    row.forEach((name, index) => {
      places.set(name, index - row.length / 2)
    })
  }
  for (const row of rows) {
    const wanted = new Map(row.map((name) => [name, meanOf(before.get(name) ?? [], places) ?? places.get(name) ?? 0]))
    row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0))
    row.forEach((name, index) => {
      places.set(name, index - row.length / 2)
    })
  }
}

function meanOf(names: readonly string[], places: ReadonlyMap<string, number>): number | undefined {
  const known = names.flatMap((name) => places.get(name) ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, place) => sum + place, 0) / known.length
}
