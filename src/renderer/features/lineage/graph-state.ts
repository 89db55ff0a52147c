/** The part of the lineage that is shown, put together from what was fetched, and what lies on the ways through a node. Pure. */
import type { LineageDirection, LineageEdge, LineageNode } from '#shared/lineage.ts'

export interface ShownGraph {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
}

/** Nodes and edges of all parts, each once, in the order in which they came. */
export function mergeGraphs(parts: readonly ShownGraph[]): ShownGraph {
  const nodes = new Map(parts.flatMap((part) => part.nodes).map((node) => [node.id, node]))
  const edges = new Map(parts.flatMap((part) => part.edges).map((edge) => [edgeId(edge), edge]))
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to)),
  }
}

export function edgeId({ from, to }: LineageEdge): string {
  return `${from} → ${to}`
}

/** All that leads to the node and all that it leads to, itself included. */
export function pathsThrough({ edges }: ShownGraph, id: string): ReadonlySet<string> {
  return new Set([...reach(edges, id, 'upstream'), ...reach(edges, id, 'downstream')])
}

function reach(edges: readonly LineageEdge[], from: string, direction: LineageDirection): Set<string> {
  const seen = new Set([from])
  // A set grows while it is gone through.
  for (const id of seen) for (const next of neighbours(edges, id, direction)) seen.add(next)
  return seen
}

export function neighbours(edges: readonly LineageEdge[], id: string, direction: LineageDirection): string[] {
  return direction === 'upstream'
    ? edges.filter(({ to }) => to === id).map(({ from }) => from)
    : edges.filter(({ from }) => from === id).map(({ to }) => to)
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

export function isArrow(key: string): key is Arrow {
  return ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(key)
}

/** Where an arrow key leads: along an edge to the left or right, to the nearest node of the same column up or down. */
export function nodeTowards(
  arrow: Arrow,
  id: string,
  edges: readonly LineageEdge[],
  places: ReadonlyMap<string, { x: number; y: number }>,
): string | undefined {
  const here = places.get(id)
  if (here === undefined) return undefined
  const candidates = candidatesOf(arrow, id, here, edges, places)
  const distance = (other: string) => Math.abs((places.get(other)?.y ?? 0) - here.y)
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0]
}

function candidatesOf(
  arrow: Arrow,
  id: string,
  here: { x: number; y: number },
  edges: readonly LineageEdge[],
  places: ReadonlyMap<string, { x: number; y: number }>,
): string[] {
  switch (arrow) {
    case 'ArrowLeft':
      return neighbours(edges, id, 'upstream')
    case 'ArrowRight':
      return neighbours(edges, id, 'downstream')
    case 'ArrowUp':
    case 'ArrowDown': {
      const sign = arrow === 'ArrowUp' ? -1 : 1
      return [...places]
        .filter(([, place]) => place.x === here.x && (place.y - here.y) * sign > 0)
        .map(([other]) => other)
    }
  }
}

/** A node that was opened, and how many pages of what lies there. In the address: `d:<id>`, `d2:<id>`. */
export interface Opened {
  readonly id: string
  readonly direction: LineageDirection
  readonly pages: number
}

const separator = ' '

export function parseOpened(text: string | undefined): Opened[] {
  return (text ?? '').split(separator).flatMap((part) => {
    const { letter, pages, id } = /^(?<letter>[ud])(?<pages>\d?):(?<id>.+)$/.exec(part)?.groups ?? {}
    if (id === undefined) return []
    return [{ id, direction: letter === 'u' ? 'upstream' : 'downstream', pages: Number(pages || '1') } as const]
  })
}

export function formatOpened(opened: readonly Opened[]): string | undefined {
  const parts = opened.map(({ id, direction, pages }) => `${direction.charAt(0)}${pages === 1 ? '' : pages}:${id}`)
  return parts.length === 0 ? undefined : parts.join(separator)
}

/** Opens the node, or shows one page more of it. */
export function open(opened: readonly Opened[], id: string, direction: LineageDirection): Opened[] {
  const isIt = (each: Opened) => each.id === id && each.direction === direction
  const before = opened.find(isIt)
  const pages = Math.min(5, (before?.pages ?? 0) + 1)
  return [...opened.filter((each) => !isIt(each)), { id, direction, pages }]
}
