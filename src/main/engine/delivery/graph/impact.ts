/**
 * What would be stale if a dataset, column, file or feature view changed: pipelines and feature views as they are written
 * today, versions as their runs were recorded, and the endpoints where those answer. Errs towards naming too much.
 */
import type { Approximation, Impact, LineageNode, StaleItem, StaleReason } from '#shared/lineage.ts'
import type { Signature } from '#shared/models.ts'
import type { Plan, PlannedStep } from '../../pipelines/plan.ts'
import { approximationText, staleReasonText } from './impact-words.ts'
import type { LineageRows, Touch } from './lineage-rows.ts'
import type { VersionRow } from './lineage-shapes.ts'
import { mentions, optionsMentioning } from './mentions.ts'
import { endpointNode, projectNode, versionNode } from './nodes.ts'
import { datasetsOfView, type ProjectTexts, viewsOfDataset } from './project-texts.ts'
import type { Thing } from './things.ts'

export interface ImpactParts {
  readonly rows: LineageRows
  readonly project: ProjectTexts
  signatureOf(model: string, version: number): Signature
  planOf(runId: string): Plan
}

export type Changeable =
  | Extract<Thing, { kind: 'column' | 'file' }>
  | { readonly kind: 'dataset' | 'feature-view'; readonly projectId: string; readonly name: string }

/** Versions beyond those in use that are looked at: each needs the plan of its run. */
const maxVersions = 100

type Verdict = Pick<StaleItem, 'certainty' | 'why'>
const certain = (why: StaleReason): Verdict => ({ certainty: 'certain', why })
const possible = (why: StaleReason): Verdict => ({ certainty: 'possible', why })

export function impactOf(thing: Changeable, parts: ImpactParts): Impact {
  switch (thing.kind) {
    case 'dataset':
      return new Search(parts).ofDataset(thing.name, undefined)
    case 'column':
      return new Search(parts).ofDataset(thing.dataset, thing.column)
    case 'feature-view':
      return new Search(parts).ofView(thing.name)
    case 'file':
      return new Search(parts).ofFile(thing.path)
  }
}

class Search {
  readonly #parts: ImpactParts
  readonly #items = new Map<string, { readonly node: LineageNode } & Verdict>()
  /** By their words. */
  readonly #approximations = new Map<string, Approximation>()
  #versionsLeft = 0

  constructor(parts: ImpactParts) {
    this.#parts = parts
  }

  ofDataset(dataset: string, column: string | undefined): Impact {
    this.#ofDataset(dataset, column)
    return this.#result()
  }

  ofView(view: string): Impact {
    this.#ofView(view, certain({ kind: 'is-the-view' }))
    return this.#result()
  }

  ofFile(path: string): Impact {
    const { project } = this.#parts
    const pipeline = /^pipelines\/(.+)\.yaml$/.exec(path)?.[1]
    const view = /^features\/(.+)\.yaml$/.exec(path)?.[1]
    if (pipeline !== undefined && project.plans.has(pipeline)) {
      this.#add(this.#node({ kind: 'pipeline', name: pipeline }), certain({ kind: 'is-its-file' }))
    }
    if (view !== undefined) this.#ofView(view, certain({ kind: 'is-its-file' }))
    this.#pipelinesNaming(path)
    this.#versions({ by: 'file', path }, (_, step) => certain({ kind: 'file-read', step }))
    return this.#result()
  }

  #ofDataset(dataset: string, column: string | undefined): void {
    const { project } = this.#parts
    this.#leanOn({ kind: 'sql-names' })
    for (const view of viewsOfDataset(project, dataset)) {
      const query = project.views.find(({ name }) => name === view)?.query ?? ''
      if (column === undefined) this.#ofView(view, certain({ kind: 'sql-reads', dataset }))
      else if (mentions(query, column)) this.#ofView(view, possible({ kind: 'sql-mentions', dataset, column }))
      else if (takesAllColumns(query)) this.#ofView(view, possible({ kind: 'sql-takes-all', dataset }))
    }
    const query = project.spec.datasets[dataset]?.query
    const derives = column !== undefined && query !== undefined && mentions(query, column)
    if (derives) this.#leanOn({ kind: 'computed-columns', dataset, column })
    for (const [name, plan] of project.plans) {
      const verdict = this.#inPlan(plan, dataset, column, derives)
      if (verdict !== undefined) this.#add(this.#node({ kind: 'pipeline', name }), verdict)
    }
    this.#versions({ by: 'reference', kind: 'dataset', name: dataset }, (version, seed) =>
      this.#inVersion(version, seed, dataset, column, derives),
    )
  }

  #ofView(view: string, verdict: Verdict): void {
    const { project } = this.#parts
    this.#add(this.#node({ kind: 'feature-view', name: view }), verdict)
    for (const [name, plan] of project.plans) {
      const steps = plan.steps.filter(({ options }) => optionsMentioning(options, view).length > 0)
      const [step] = steps
      if (step === undefined || datasetsOfView(project, view).length === 0) continue
      this.#add(this.#node({ kind: 'pipeline', name }), {
        ...verdict,
        why: { kind: 'step-reads-view', step: step.name, view },
      })
    }
    this.#versions({ by: 'reference', kind: 'feature-view', name: view }, () => ({
      ...verdict,
      why: { kind: 'run-took-view', view },
    }))
  }

  #pipelinesNaming(file: string): void {
    for (const [name, plan] of this.#parts.project.plans) {
      const step = plan.steps.find(({ options }) => optionsMentioning(options, file).length > 0)
      if (step === undefined) continue
      this.#add(this.#node({ kind: 'pipeline', name }), certain({ kind: 'options-name-file', step: step.name }))
    }
  }

  /** Undefined: the plan does not use it. */
  #inPlan(plan: Plan, dataset: string, column: string | undefined, derives: boolean): Verdict | undefined {
    const reads = plan.steps.filter(({ options }) => options.dataset === dataset)
    const [read] = reads
    if (read === undefined) return undefined
    if (column === undefined) return certain({ kind: 'step-reads-dataset', step: read.name })
    const named = namedInSteps(plan.steps, column)
    if (named !== undefined) return certain(named)
    if (derives) return possible({ kind: 'step-reads-computed', step: read.name })
    if (reads.every((step) => leavesOut(step, column))) return undefined
    return possible({ kind: 'step-reads-all', step: read.name })
  }

  #inVersion(
    { model, version, runId }: VersionRow,
    seed: string,
    dataset: string,
    column: string | undefined,
    derives: boolean,
  ): Verdict | undefined {
    if (column === undefined) return certain({ kind: 'made-from', dataset, step: seed })
    const { inputs, target } = this.#parts.signatureOf(model, version)
    if (inputs.some(({ name }) => name === column)) return certain({ kind: 'is-input' })
    if (target === column) return certain({ kind: 'is-target' })
    const { steps } = this.#parts.planOf(runId)
    const named = namedInSteps(steps, column)
    if (named !== undefined) return certain(named)
    const step = steps.find(({ name }) => name === seed)
    if (derives) return possible({ kind: 'learned-computed' })
    if (step === undefined || leavesOut(step, column)) return undefined
    this.#leanOn({ kind: 'rows-alone' })
    return undefined
  }

  #versions(touch: Touch, verdictOf: (version: VersionRow, seed: string) => Verdict | undefined): void {
    const { rows, project } = this.#parts
    const found = rows.versionsTouched(touch, project.projectId, maxVersions)
    this.#versionsLeft += found.left
    for (const row of found.rows) {
      if (!isBefore(rows.dependencies(row.runId), row.seed, row.step)) continue
      const verdict = verdictOf(row, row.seed)
      if (verdict === undefined) continue
      this.#add(versionNode(row), verdict)
      for (const endpoint of rows.endpointsOf(row.model, row.version)) {
        this.#add(endpointNode(endpoint), {
          ...verdict,
          why: { kind: 'answers', model: row.model, version: row.version },
        })
      }
    }
  }

  #leanOn(approximation: Approximation): void {
    this.#approximations.set(approximationText(approximation), approximation)
  }

  /** What is certain is not made doubtful by another way that leads there. */
  #add(node: LineageNode, verdict: Verdict): void {
    const known = this.#items.get(node.id)
    if (known === undefined || (known.certainty === 'possible' && verdict.certainty === 'certain')) {
      this.#items.set(node.id, { node, ...verdict })
    }
  }

  #node({ kind, name }: { kind: 'pipeline' | 'feature-view'; name: string }): LineageNode {
    return projectNode({ kind, projectId: this.#parts.project.projectId, name })
  }

  #result(): Impact {
    const order = ['endpoint', 'version', 'pipeline', 'feature-view']
    const items = [...this.#items.values()].sort(
      (a, b) => order.indexOf(a.node.kind) - order.indexOf(b.node.kind) || (b.node.at ?? 0) - (a.node.at ?? 0),
    )
    return {
      items: items.map((item) => ({ ...item, reason: staleReasonText(item.why) })),
      versionsLeft: this.#versionsLeft,
      approximations: [...this.#approximations.keys()],
      leansOn: [...this.#approximations.values()],
    }
  }
}

function namedInSteps(steps: readonly PlannedStep[], column: string): StaleReason | undefined {
  for (const { name, options } of steps) {
    const [option] = optionsMentioning(options, column)
    if (option !== undefined) return { kind: 'option-names-column', step: name, option }
  }
  return undefined
}

/** `select *`, `t.*`, or DuckDB's `from t` without a select. */
function takesAllColumns(query: string): boolean {
  return /(\bselect\b|,|\.)\s*\*|(^|\()\s*from\b/i.test(query)
}

/** A step that says which columns it takes, and does not take this one. */
function leavesOut({ options }: PlannedStep, column: string): boolean {
  return Array.isArray(options.columns) && !options.columns.includes(column)
}

/** Whether `later` waited for `earlier`, over whatever steps. */
function isBefore(dependencies: ReadonlyMap<string, readonly string[]>, earlier: string, later: string): boolean {
  const seen = new Set([later])
  // A set grows while it is gone through.
  for (const step of seen) {
    if (step === earlier) return true
    for (const before of dependencies.get(step) ?? []) seen.add(before)
  }
  return false
}
