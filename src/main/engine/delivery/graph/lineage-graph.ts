/** Goes through the lineage: the neighbours of a thing, and all that lies up- or downstream of it within a bound. */
import type { LineageDirection, LineageEdge, LineageGraph, LineageNeighbours, LineageNode } from '#shared/lineage.ts'
import type { LineageRows, Window } from './lineage-rows.ts'
import { artifactNode, endpointNode, projectNode, runNode, stepNode, versionNode } from './nodes.ts'
import { type Thing, thingId } from './things.ts'

/** What the files of a project say of today, as far as lineage needs it. */
export interface ProjectFacts {
  /** The datasets that the SQL of a feature view reads. */
  datasetsOfView(projectId: string, view: string): readonly string[]
  /** The feature views whose SQL reads a dataset. */
  viewsOfDataset(projectId: string, dataset: string): readonly string[]
}

interface Found {
  readonly node: LineageNode
  readonly thing: Thing
  readonly label: string
}

export class LineageWalk {
  readonly #rows: LineageRows
  readonly #facts: ProjectFacts

  constructor(rows: LineageRows, facts: ProjectFacts) {
    this.#rows = rows
    this.#facts = facts
  }

  /** Undefined where there is no such thing. */
  node(thing: Thing): LineageNode | undefined {
    const rows = this.#rows
    switch (thing.kind) {
      case 'step':
        return optional(rows.step(thing.runId, thing.step), stepNode)
      case 'run':
        return optional(rows.run(thing.id), runNode)
      case 'artifact':
        return optional(rows.artifact(thing.hash), artifactNode)
      case 'version':
        return optional(rows.version(thing.model, thing.version), versionNode)
      case 'endpoint':
        return optional(rows.endpoint(thing.name), endpointNode)
      default:
        return projectNode(thing)
    }
  }

  neighbours(thing: Thing, direction: LineageDirection, window: Window): LineageNeighbours {
    const found = this.#next(thing, direction, { ...window, limit: window.limit + 1 })
    const shown = found.slice(0, window.limit)
    const own = thingId(thing)
    return {
      nodes: shown.map(({ node }) => node),
      edges: shown.map((next) => edgeOf(own, next, direction)),
      ...(found.length > window.limit && { nextOffset: window.offset + window.limit }),
    }
  }

  /** Breadth first, so that what is cut off is what lies farthest. */
  trace(from: Thing, direction: LineageDirection, bound: { depth: number; limit: number }): LineageGraph {
    const start = this.node(from)
    const nodes = new Map<string, LineageNode>(start === undefined ? [] : [[start.id, start]])
    const edges = new Map<string, LineageEdge>()
    let truncated = false
    let level: Thing[] = [from]
    for (let depth = 0; depth < bound.depth && level.length > 0; depth++) {
      const next: Thing[] = []
      for (const thing of level) {
        const room = bound.limit - nodes.size
        const found = this.#next(thing, direction, { offset: 0, limit: Math.max(1, room + 1) })
        for (const each of found) {
          if (!nodes.has(each.node.id)) {
            if (nodes.size >= bound.limit) {
              truncated = true
              continue
            }
            nodes.set(each.node.id, each.node)
            next.push(each.thing)
          }
          const edge = edgeOf(thingId(thing), each, direction)
          edges.set(`${edge.from} ${edge.to}`, edge)
        }
      }
      level = next
    }
    return { nodes: [...nodes.values()], edges: [...edges.values()], truncated }
  }

  #next(thing: Thing, direction: LineageDirection, window: Window): Found[] {
    return direction === 'upstream' ? this.#upstream(thing, window) : this.#downstream(thing, window)
  }

  #upstream(thing: Thing, window: Window): Found[] {
    const rows = this.#rows
    switch (thing.kind) {
      case 'endpoint': {
        const answers = rows.endpoint(thing.name)
        const version = answers && rows.version(answers.model, answers.version)
        return first(window, version === undefined ? [] : [versionFound(version, 'answers')])
      }
      case 'version': {
        const version = rows.version(thing.model, thing.version)
        const packageHash = rows.packageOf(thing.model, thing.version)
        const artifact = packageHash === undefined ? undefined : rows.artifact(packageHash)
        const step = version && rows.step(version.runId, version.step)
        return first(window, [
          ...(artifact === undefined ? [] : [artifactFound(artifact, 'package')]),
          ...(step === undefined ? [] : [stepFound(step, 'registered')]),
        ])
      }
      case 'artifact':
        return rows.stepsOf(thing.hash, 'out', window).map((step) => stepFound(step, step.port))
      case 'step':
        return this.#beforeStep(thing, window)
      case 'run': {
        const run = rows.run(thing.id)
        const named = run === undefined ? [] : this.#references(run.projectId, rows.references(thing.id))
        return first(window, named)
      }
      case 'dataset': {
        const read = rows.newestRunNaming(thing.projectId, 'dataset', thing.name)
        const paths = read === undefined ? [] : rows.filesOf(read.runId, read.step, window)
        return paths.map((path) => projectFound({ kind: 'file', projectId: thing.projectId, path }, 'read'))
      }
      case 'column':
        return first(window, [
          projectFound({ kind: 'dataset', projectId: thing.projectId, name: thing.dataset }, 'column of'),
        ])
      case 'feature-view': {
        const { projectId, name } = thing
        const datasets = this.#facts.datasetsOfView(projectId, name)
        return first(
          window,
          datasets.map((dataset) => projectFound({ kind: 'dataset', projectId, name: dataset }, 'query')),
        )
      }
      case 'file':
      case 'pipeline':
        return []
    }
  }

  #downstream(thing: Thing, window: Window): Found[] {
    const rows = this.#rows
    switch (thing.kind) {
      case 'endpoint':
        return []
      case 'version':
        return first(
          window,
          rows.endpointsOf(thing.model, thing.version).map((endpoint) => endpointFound(endpoint, 'answers')),
        )
      case 'artifact': {
        const versions = rows.versionsOfArtifact(thing.hash, { offset: 0, limit: 100 })
        const registered = versions.map((version) => versionFound(version, 'package'))
        return paged(window, registered, (rest) =>
          rows.stepsOf(thing.hash, 'in', rest).map((step) => stepFound(step, step.port)),
        )
      }
      case 'step': {
        const versions = rows
          .versionsOfStep(thing.runId, thing.step)
          .map((version) => versionFound(version, 'registered'))
        return paged(window, versions, (rest) =>
          rows
            .artifactsOf(thing.runId, thing.step, 'out', rest)
            .map((artifact) => artifactFound(artifact, artifact.port)),
        )
      }
      case 'run': {
        const versions = rows.versionsOfRun(thing.id).map((version) => versionFound(version, 'registered'))
        return first(window, [...versions, ...rows.steps(thing.id).map((step) => stepFound(step, 'step'))])
      }
      case 'dataset':
      case 'feature-view':
        return this.#afterNamed(thing, window)
      case 'column':
        return this.#downstream({ kind: 'dataset', projectId: thing.projectId, name: thing.dataset }, window)
      case 'file':
        return rows.stepsReading(thing.projectId, thing.path, window).map((step) => stepFound(step, 'read'))
      case 'pipeline':
        return rows
          .runsOfPipeline(thing.projectId, thing.name, window)
          .map((run) => ({ node: runNode(run), thing: { kind: 'run', id: run.id }, label: 'ran' }) as const)
    }
  }

  #beforeStep({ runId, step }: { runId: string; step: string }, window: Window): Found[] {
    const rows = this.#rows
    const projectId = rows.step(runId, step)?.projectId
    const named = projectId === undefined ? [] : this.#references(projectId, rows.references(runId, step))
    const files =
      projectId === undefined || named.some(({ thing }) => thing.kind === 'dataset')
        ? []
        : rows
            .filesOf(runId, step, { offset: 0, limit: 50 })
            .map((path) => projectFound({ kind: 'file', projectId, path }, 'read'))
    return paged(window, [...named, ...files], (rest) =>
      rows.artifactsOf(runId, step, 'in', rest).map((artifact) => artifactFound(artifact, artifact.port)),
    )
  }

  #afterNamed(thing: Extract<Thing, { kind: 'dataset' | 'feature-view' | 'pipeline' }>, window: Window): Found[] {
    const { kind, projectId, name } = thing
    if (kind === 'pipeline') return []
    const views =
      kind === 'dataset'
        ? this.#facts
            .viewsOfDataset(projectId, name)
            .map((view) => projectFound({ kind: 'feature-view', projectId, name: view }, 'query'))
        : []
    return paged(window, views, (rest) =>
      this.#rows.stepsNaming(projectId, kind, name, rest).map((step) => stepFound(step, 'read')),
    )
  }

  #references(projectId: string, references: readonly { kind: string; name: string }[]): Found[] {
    return references.flatMap(({ kind, name }) =>
      kind === 'dataset' || kind === 'feature-view' ? [projectFound({ kind, projectId, name }, 'read')] : [],
    )
  }
}

function optional<Row, Node>(row: Row | undefined, node: (row: Row) => Node): Node | undefined {
  return row === undefined ? undefined : node(row)
}

function first<Item>({ offset, limit }: Window, items: readonly Item[]): Item[] {
  return items.slice(offset, offset + limit)
}

/** A few known items first, then what the store pages. */
function paged<Item>(window: Window, known: readonly Item[], more: (rest: Window) => readonly Item[]): Item[] {
  const taken = first(window, known)
  const left = window.limit - taken.length
  if (left <= 0) return taken
  return [...taken, ...more({ offset: Math.max(0, window.offset - known.length), limit: left })]
}

function stepFound(row: Parameters<typeof stepNode>[0], label: string): Found {
  return { node: stepNode(row), thing: { kind: 'step', runId: row.runId, step: row.step }, label }
}

function artifactFound(row: Parameters<typeof artifactNode>[0], label: string): Found {
  return { node: artifactNode(row), thing: { kind: 'artifact', hash: row.hash }, label }
}

function versionFound(row: Parameters<typeof versionNode>[0], label: string): Found {
  return { node: versionNode(row), thing: { kind: 'version', model: row.model, version: row.version }, label }
}

function endpointFound(row: Parameters<typeof endpointNode>[0], label: string): Found {
  return { node: endpointNode(row), thing: { kind: 'endpoint', name: row.name }, label }
}

function projectFound(thing: Parameters<typeof projectNode>[0], label: string): Found {
  return { node: projectNode(thing), thing, label }
}

/** An edge leads from what was there first to what was made of it. */
function edgeOf(own: string, { node, label }: Found, direction: LineageDirection): LineageEdge {
  return direction === 'upstream' ? { from: node.id, to: own, label } : { from: own, to: node.id, label }
}
