/** Answers questions about lineage: from the words of a person to nodes, edges and what a change would make stale. */
import type { LineageAnswer, LineageDirection, LineageNeighbours, LineageNode } from '#shared/lineage.ts'
import type { OpenLineageEvent } from '#shared/openlineage.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Projects } from '../../pipelines/projects.ts'
import type { RunStore } from '../../pipelines/run-store.ts'
import type { Runs } from '../../pipelines/runs.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Store } from '../../store/store.ts'
import { type Changeable, impactOf } from './impact.ts'
import { LineageWalk } from './lineage-graph.ts'
import { LineageRows, type Window } from './lineage-rows.ts'
import { openLineageEvents } from './openlineage.ts'
import { datasetsOfView, type ProjectTexts, readProjectTexts, viewsOfDataset } from './project-texts.ts'
import { type NamedThing, parseThing, type Thing } from './things.ts'

export interface LineageParts {
  readonly store: Store
  readonly projects: Projects
  readonly runs: Pick<Runs, 'get' | 'record'>
  readonly plans: Pick<RunStore, 'plan'>
  readonly registry: Registry
}

export interface Question {
  /** As a person names it, or the id of a node. */
  readonly of: string
  /** Where several projects have one. */
  readonly project?: string | undefined
}

export class LineageService {
  readonly #parts: LineageParts
  readonly #rows: LineageRows

  constructor(parts: LineageParts) {
    this.#parts = parts
    this.#rows = new LineageRows(parts.store)
  }

  /** @throws EsteiraError `invalid-request`, or that of the thing that is not found */
  async trace(question: Question & { readonly depth: number; readonly limit: number }): Promise<LineageAnswer> {
    const { thing, walk, texts } = await this.#open(question)
    const node = nodeOf(walk, thing)
    const changing = changeable(thing)
    const impact =
      changing !== undefined && texts !== undefined
        ? impactOf(changing, {
            rows: this.#rows,
            project: texts,
            signatureOf: (model, version) => this.#parts.registry.getVersion(model, version).signature,
            planOf: (runId) => this.#parts.plans.plan(runId),
          })
        : null
    return {
      node,
      upstream: walk.trace(thing, 'upstream', question),
      downstream: walk.trace(thing, 'downstream', question),
      impact,
    }
  }

  async neighbours(question: Question & Window & { readonly direction: LineageDirection }): Promise<LineageNeighbours> {
    const { thing, walk } = await this.#open(question)
    nodeOf(walk, thing)
    return walk.neighbours(thing, question.direction, { offset: question.offset, limit: question.limit })
  }

  /** @throws EsteiraError `run-not-found` */
  openLineage(runId: string): OpenLineageEvent[] {
    const { runs } = this.#parts
    return openLineageEvents(runs.get(runId), runs.record(runId))
  }

  async #open({ of, project }: Question) {
    const thing = await this.#find(parseThing(of), project)
    const walkable = 'projectId' in thing ? thing.projectId : undefined
    const texts = walkable === undefined ? undefined : await this.#texts(walkable)
    const facts = {
      datasetsOfView: (id: string, view: string) => (texts?.projectId === id ? datasetsOfView(texts, view) : []),
      viewsOfDataset: (id: string, dataset: string) => (texts?.projectId === id ? viewsOfDataset(texts, dataset) : []),
    }
    return { thing, texts, walk: new LineageWalk(this.#rows, facts) }
  }

  #texts(projectId: string): Promise<ProjectTexts> {
    const { projects } = this.#parts
    return readProjectTexts(projectId, projects.folder(projectId), (name) => projects.plan(projectId, name, {}))
  }

  async #find(named: NamedThing, project: string | undefined): Promise<Thing> {
    switch (named.kind) {
      case 'version': {
        const { model, version } = this.#parts.registry.resolve(named.reference)
        return { kind: 'version', model, version }
      }
      case 'artifact':
        return { kind: 'artifact', hash: this.#wholeHash(named.hash) }
      case 'dataset':
      case 'pipeline':
      case 'feature-view':
        return { kind: named.kind, name: named.name, projectId: await this.#project(named, named.project ?? project) }
      case 'column': {
        const owner = { kind: 'dataset', name: named.dataset } as const
        const projectId = await this.#project(owner, named.project ?? project)
        return { kind: 'column', dataset: named.dataset, column: named.column, projectId }
      }
      case 'file': {
        const [first = '', ...rest] = named.path.split('/')
        const known = await this.#parts.projects.list()
        const qualified = rest.length > 0 && known.some(({ id }) => id === first)
        if (qualified) return { kind: 'file', projectId: first, path: rest.join('/') }
        return { kind: 'file', path: named.path, projectId: await this.#project(named, project) }
      }
      case 'run':
      case 'step':
      case 'endpoint':
        return named
    }
  }

  /** The named project, the only one, or the only one that has such a thing. */
  async #project(named: OwnedThing, project: string | undefined): Promise<string> {
    const known = await this.#parts.projects.list()
    if (project !== undefined) {
      this.#parts.projects.folder(project)
      return project
    }
    const [only, ...others] = known
    if (only !== undefined && others.length === 0) return only.id
    const owners = known.filter(
      (each) =>
        (named.kind === 'dataset' && each.datasets.includes(named.name)) ||
        (named.kind === 'pipeline' && each.pipelines.includes(named.name)),
    )
    const [owner, ...more] = owners
    if (owner !== undefined && more.length === 0) return owner.id
    throw new EsteiraError('project-not-found', 'It is not clear which project is meant.', {
      found: named.kind === 'file' ? named.path : named.name,
      allowed: (owners.length > 0 ? owners : known).map(({ id }) => id).join(', ') || 'no projects yet',
      next: 'Name the project as well, as in dataset:<project>/<name>.',
    })
  }

  #wholeHash(beginning: string): string {
    const [hash, another] = this.#rows.hashesFrom(beginning)
    if (hash !== undefined && another === undefined) return hash
    throw new EsteiraError(
      'artifact-not-found',
      hash === undefined ? `There is no artifact ${beginning}.` : `Several artifacts begin with ${beginning}.`,
      { found: beginning, next: 'Take the whole hash from a step of a run.' },
    )
  }
}

type OwnedThing =
  | { readonly kind: 'dataset' | 'pipeline' | 'feature-view'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }

/** Undefined for what cannot change. */
function changeable(thing: Thing): Changeable | undefined {
  switch (thing.kind) {
    case 'column':
    case 'file':
      return thing
    case 'dataset':
    case 'feature-view':
    case 'pipeline':
      return thing.kind === 'pipeline' ? undefined : { ...thing, kind: thing.kind }
    default:
      return undefined
  }
}

function nodeOf(walk: LineageWalk, thing: Thing): LineageNode {
  const node = walk.node(thing)
  if (node !== undefined) return node
  throw missing(thing)
}

function missing(thing: Thing): EsteiraError {
  switch (thing.kind) {
    case 'run':
      return new EsteiraError('run-not-found', `There is no run "${thing.id}".`, { found: thing.id })
    case 'step':
      return new EsteiraError('not-found', `The run ${thing.runId} has no step "${thing.step}".`, { found: thing.step })
    case 'endpoint':
      return new EsteiraError('endpoint-not-found', `There is no endpoint "${thing.name}" that answers.`, {
        found: thing.name,
      })
    default:
      return new EsteiraError('not-found', 'There is no such thing in the lineage.', { found: JSON.stringify(thing) })
  }
}
