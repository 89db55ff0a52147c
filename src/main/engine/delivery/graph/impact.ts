/**
 * What would be stale if a dataset, column, file or feature view changed: pipelines and feature views as they are written
 * today, versions as their runs were recorded, and the endpoints where those answer. Errs towards naming too much.
 */
import type { Impact, LineageNode, StaleItem } from '#shared/lineage.ts'
import type { Signature } from '#shared/models.ts'
import type { Plan, PlannedStep } from '../../pipelines/plan.ts'
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

type Verdict = Pick<StaleItem, 'certainty' | 'reason'>
const certain = (reason: string): Verdict => ({ certainty: 'certain', reason })
const possible = (reason: string): Verdict => ({ certainty: 'possible', reason })

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
  readonly #items = new Map<string, StaleItem>()
  readonly #approximations = new Set<string>()
  #versionsLeft = 0

  constructor(parts: ImpactParts) {
    this.#parts = parts
  }

  ofDataset(dataset: string, column: string | undefined): Impact {
    this.#ofDataset(dataset, column)
    return this.#result()
  }

  ofView(view: string): Impact {
    this.#ofView(view, certain('It is this feature view.'))
    return this.#result()
  }

  ofFile(path: string): Impact {
    const { project } = this.#parts
    const pipeline = /^pipelines\/(.+)\.yaml$/.exec(path)?.[1]
    const view = /^features\/(.+)\.yaml$/.exec(path)?.[1]
    if (pipeline !== undefined && project.plans.has(pipeline)) {
      this.#add(this.#node({ kind: 'pipeline', name: pipeline }), certain('It is the file of the pipeline.'))
    }
    if (view !== undefined) this.#ofView(view, certain('It is the file of the feature view.'))
    this.#pipelinesNaming(path, 'the file')
    this.#versions({ by: 'file', path }, () => certain('A step of its run read the file.'))
    return this.#result()
  }

  #ofDataset(dataset: string, column: string | undefined): void {
    const { project } = this.#parts
    this.#approximations.add('SQL is searched for names, not parsed: a name that means something else counts as well.')
    for (const view of viewsOfDataset(project, dataset)) {
      const query = project.views.find(({ name }) => name === view)?.query ?? ''
      if (column === undefined) this.#ofView(view, certain(`Its SQL reads "${dataset}".`))
      else if (mentions(query, column))
        this.#ofView(view, possible(`Its SQL reads "${dataset}" and mentions "${column}".`))
      else if (takesAllColumns(query)) this.#ofView(view, possible(`Its SQL takes all columns of "${dataset}".`))
    }
    const query = project.spec.datasets[dataset]?.query
    const derives = column !== undefined && query !== undefined && mentions(query, column)
    if (derives) {
      this.#approximations.add(
        `The query of the dataset "${dataset}" mentions "${column}": each column that it computes may depend on it.`,
      )
    }
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
        reason: `Its step "${step.name}" reads "${view}".`,
      })
    }
    this.#versions({ by: 'reference', kind: 'feature-view', name: view }, () => ({
      ...verdict,
      reason: `Its run took features of "${view}".`,
    }))
  }

  #pipelinesNaming(text: string, what: string): void {
    for (const [name, plan] of this.#parts.project.plans) {
      const step = plan.steps.find(({ options }) => optionsMentioning(options, text).length > 0)
      if (step === undefined) continue
      this.#add(this.#node({ kind: 'pipeline', name }), certain(`The options of its step "${step.name}" name ${what}.`))
    }
  }

  /** Undefined: the plan does not use it. */
  #inPlan(plan: Plan, dataset: string, column: string | undefined, derives: boolean): Verdict | undefined {
    const reads = plan.steps.filter(({ options }) => options.dataset === dataset)
    const [read] = reads
    if (read === undefined) return undefined
    if (column === undefined) return certain(`Its step "${read.name}" reads the dataset.`)
    const named = namedInSteps(plan.steps, column)
    if (named !== undefined) return certain(named)
    if (derives) return possible(`Its step "${read.name}" reads columns that the dataset computes, perhaps from it.`)
    if (reads.every((step) => leavesOut(step, column))) return undefined
    return possible(`Its step "${read.name}" reads the column with the others.`)
  }

  #inVersion(
    { model, version, runId }: VersionRow,
    seed: string,
    dataset: string,
    column: string | undefined,
    derives: boolean,
  ): Verdict | undefined {
    if (column === undefined) return certain(`It was made from "${dataset}", read by the step "${seed}" of its run.`)
    const { inputs, target } = this.#parts.signatureOf(model, version)
    if (inputs.some(({ name }) => name === column)) return certain('The column is an input of the model.')
    if (target === column) return certain('The column is what the model predicts.')
    const { steps } = this.#parts.planOf(runId)
    const named = namedInSteps(steps, column)
    if (named !== undefined) return certain(named)
    const step = steps.find(({ name }) => name === seed)
    if (derives) return possible('The dataset computes columns with it, and the model learned from those.')
    if (step === undefined || leavesOut(step, column)) return undefined
    this.#approximations.add(
      'Versions whose model neither reads nor predicts the column are left out, though their rows hold it.',
    )
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
          reason: `Version ${row.version} of ${row.model} answers there.`,
        })
      }
    }
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
    return { items, versionsLeft: this.#versionsLeft, approximations: [...this.#approximations] }
  }
}

function namedInSteps(steps: readonly PlannedStep[], column: string): string | undefined {
  for (const { name, options } of steps) {
    const [option] = optionsMentioning(options, column)
    if (option !== undefined) return `The option "${option}" of the step "${name}" names the column.`
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
