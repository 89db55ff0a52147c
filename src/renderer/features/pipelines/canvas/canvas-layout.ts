/** Where steps stand on the canvas, and the ways of the edges around them. Pure. */
import { graphlib, layout } from '@dagrejs/dagre'
import type { CanvasEdge, CanvasStep } from './canvas-model.ts'
import { rowsOf } from './rows-layout.ts'

export const stepSize = { width: 196, height: 48 } as const
const gaps = { nodesep: 26, ranksep: 38 } as const

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Layout {
  /** The upper left corner of each step, in pixels. */
  readonly places: ReadonlyMap<string, Point>
  /** Points that a long edge passes, by the id of the edge. Short edges need none. */
  readonly ways: ReadonlyMap<string, readonly Point[]>
}

/** An edge to the next row has a first, a middle and a last point; the way of a longer one goes through more. */
const pointsOfShortEdge = 3

type LaidEdge = Pick<CanvasEdge, 'id' | 'from' | 'to'>

/** From here on the ways of long edges take seconds to find (seen: 5 s for 200 steps), so steps are placed row by row. */
const largestRouted = 50

export function layOut(names: readonly string[], edges: readonly LaidEdge[]): Layout {
  return names.length > largestRouted
    ? { places: placeInRows(names, edges), ways: new Map() }
    : routeEdges(names, edges)
}

function routeEdges(names: readonly string[], edges: readonly LaidEdge[]): Layout {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', ...gaps })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const name of names) graph.setNode(name, { ...stepSize })
  for (const { from, to } of edges) graph.setEdge(from, to)
  layout(graph)
  const places = names.map((name) => {
    const { x, y } = graph.node(name)
    return [name, { x: x - stepSize.width / 2, y: y - stepSize.height / 2 }] as const
  })
  const ways = edges.flatMap(({ id, from, to }) => {
    const points: Point[] = graph.edge(from, to)?.points ?? []
    return points.length > pointsOfShortEdge ? [[id, points.slice(1, -1)] as const] : []
  })
  return { places: new Map(places), ways: new Map(ways) }
}

function placeInRows(names: readonly string[], edges: readonly LaidEdge[]): ReadonlyMap<string, Point> {
  const rows = rowsOf(names, edges)
  const column = stepSize.width + gaps.nodesep
  const places = rows.flatMap((row, depth) =>
    row.map((name, index) => {
      const x = (index - row.length / 2) * column
      return [name, { x, y: depth * (stepSize.height + gaps.ranksep) }] as const
    }),
  )
  return new Map(places)
}

export interface View extends Point {
  readonly zoom: number
}
const viewMargin = 18

/**
 * How the window looks at the steps: all of them where names can still be read, else the first rows, so that a large
 * graph begins at its beginning. `window` is in pixels of the screen.
 */
export function viewOf(
  places: ReadonlyMap<string, Point>,
  window: { readonly width: number; readonly height: number },
  readableZoom: number,
): View {
  const list = [...places.values()]
  const left = Math.min(...list.map(({ x }) => x))
  const top = Math.min(...list.map(({ y }) => y))
  const width = Math.max(...list.map(({ x }) => x)) + stepSize.width - left
  const height = Math.max(...list.map(({ y }) => y)) + stepSize.height - top
  const fitting = Math.min((window.width - 2 * viewMargin) / width, (window.height - 2 * viewMargin) / height)
  const zoom = Math.min(Math.max(fitting, readableZoom), 1)
  const firstRow = list.filter(({ y }) => y === top)
  const firstMiddle = firstRow.reduce((sum, { x }) => sum + x, 0) / firstRow.length + stepSize.width / 2
  const middle = width * zoom <= window.width ? left + width / 2 : firstMiddle
  const spare = window.height - height * zoom
  return { x: window.width / 2 - middle * zoom, y: Math.max(spare / 2, viewMargin) - top * zoom, zoom }
}

/** Where port `index` of `count` stands along the edge of its step, in pixels from the left. */
export function portOffset(index: number, count: number): number {
  return (stepSize.width * (index + 1)) / (count + 1)
}

/** A smooth line through the points that leaves and arrives upright. SVG path data. */
export function pathThrough(points: readonly Point[]): string {
  const [first, ...others] = points
  if (first === undefined) return ''
  let before = first
  const curves = others.map((point) => {
    const middle = (before.y + point.y) / 2
    const curve = `C${before.x},${middle} ${point.x},${middle} ${point.x},${point.y}`
    before = point
    return curve
  })
  return `M${first.x},${first.y}${curves.join('')}`
}

/** What the layout depends on; texts, problems and options do not move anything. */
export function shapeOf(steps: readonly CanvasStep[], edges: readonly CanvasEdge[]): string {
  return JSON.stringify([steps.map(({ name }) => name), edges.map(({ id, from, to }) => ({ id, from, to }))])
}
