/**
 * The plan whose run fills the matrix: for each end of a span the pipeline's own steps up to its training, and for each later
 * span a score and a drift. An ordinary plan: the runner gives it cache, progress, cancel and resume. Pure.
 */
import { z } from 'zod'
import { type MatrixSettings, type Span, spanSchema } from '#shared/backtest.ts'
import { backtestRunName } from '#shared/backtest-run.ts'
import type { Parameters } from '#shared/runs.ts'
import { hashJson } from '../../kernel/canonical-json.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Edge, Plan, PlannedStep } from '../../pipelines/plan.ts'
import type { Catalogue } from '../../pipelines/planner.ts'
import { bindCondition } from '../../pipelines/rename-in-condition.ts'
import { windowValues } from './window-parameters.ts'

const cellSchema = z.object({ model: z.number().int(), span: z.number().int(), step: z.string() })

/** Which step of the run fills which cell. Stored beside the run: the pipeline's file may change meanwhile. */
export const layoutSchema = z.object({
  spans: z.array(spanSchema.extend({ statisticsStep: z.string() })),
  models: z.array(
    z.object({
      through: z.number().int(),
      from: z.string(),
      to: z.string(),
      trainStep: z.string(),
      /** Every step that the training takes, itself included. */
      steps: z.array(z.string()),
    }),
  ),
  scores: z.array(cellSchema),
  /** `span` is the one up to which the rows were held back. */
  tests: z.array(cellSchema),
  drifts: z.array(cellSchema),
})
export type Layout = z.infer<typeof layoutSchema>

export interface MatrixPlanRequest {
  /** The pipeline's own plan with the given parameters in place of its defaults. */
  readonly planWith: (parameters: Parameters) => Plan
  /** The defaults of the pipeline's parameters. */
  readonly parameters: Parameters
  readonly catalogue: Catalogue
  readonly spans: readonly Span[]
  readonly settings: Pick<MatrixSettings, 'window' | 'initialSpans' | 'trainingSpans'>
}

/** @throws EsteiraError `pipeline-invalid` where the pipeline has no single training that can be repeated */
export function makeMatrixPlan(request: MatrixPlanRequest): { plan: Plan; layout: Layout } {
  const { spans, settings } = request
  const builder = new PlanBuilder(request)
  const layout: Layout = { spans: [], models: [], scores: [], tests: [], drifts: [] }
  const tables = spans.map((span) => builder.spanTable(span))
  for (const [index, span] of spans.entries()) {
    const statistics = builder.addStatistics(tables[index], span)
    layout.spans.push({ ...span, statisticsStep: statistics.step })
  }
  const trained: Trained[] = []
  // A model that was trained through the last span would have nothing to be scored on.
  for (let through = settings.initialSpans - 1; through < spans.length - 1; through++) {
    const window = trainingWindow(spans, through, settings.trainingSpans)
    const model = builder.training(through, window)
    trained.push(model)
    layout.models.push({ through, ...window, trainStep: model.train.step, steps: model.steps })
  }
  if (trained.length === 0) throw tooLongStart(settings.initialSpans, spans.length)
  for (const model of trained) addCells(builder, layout, { model, trained, tables })
  return { plan: builder.plan(), layout }
}

/** What a model learns from that was trained at the end of a span. */
export function trainingWindow(
  spans: readonly Span[],
  through: number,
  trainingSpans: number | null,
): Pick<Span, 'from' | 'to'> {
  const first = trainingSpans === null ? 0 : Math.max(0, through + 1 - trainingSpans)
  return { from: spans[first]?.from ?? '', to: spans[through]?.to ?? '' }
}

interface Trained {
  readonly through: number
  readonly train: Edge
  /** What the training read: with it the rows that were held back. */
  readonly prepared: Edge
  readonly steps: string[]
}

interface Cell {
  readonly model: number
  readonly span: number
}

interface CellsOf {
  readonly model: Trained
  readonly trained: readonly Trained[]
  readonly tables: readonly Edge[]
}

function addCells(builder: PlanBuilder, layout: Layout, { model, trained, tables }: CellsOf): void {
  const evaluation = { step: builder.addOwnTest(model), output: 'evaluation' }
  for (let span = model.through + 1; span < layout.spans.length; span++) {
    const table = tables[span]
    const statistics = layout.spans[span]?.statisticsStep
    if (table === undefined || statistics === undefined) continue
    const at = { model: model.through, span }
    layout.scores.push({ ...at, step: builder.addEvaluation('score', at, { model: model.train, data: table }) })
    const seen = { statistics: { step: statistics, output: 'statistics' }, evaluation }
    layout.drifts.push({ ...at, step: builder.addDrift(at, model.train, seen) })
  }
  layout.tests.push({ model: model.through, span: model.through, step: evaluation.step })
  for (const newer of trained.filter(({ through }) => through > model.through)) {
    const at = { model: model.through, span: newer.through }
    layout.tests.push({ ...at, step: builder.addEvaluation('test', at, { model: model.train, data: newer.prepared }) })
  }
}

const trainComponent = 'model/train'
/** What would change the world: a back-test only looks. */
const acting: ReadonlySet<string> = new Set(['model/gate', 'model/register', 'model/deploy'])

class PlanBuilder {
  readonly #request: MatrixPlanRequest
  readonly #steps: PlannedStep[] = []
  /** By what it does: the same step asked for twice is one. */
  readonly #names = new Map<string, string>()
  readonly #base: Plan
  /** What is predicted: its drift is not weighed among that of the inputs. */
  readonly #target: string | undefined

  constructor(request: MatrixPlanRequest) {
    this.#request = request
    this.#base = this.#planOf(request.spans[0] ?? { from: '', to: '' })
    const prepared = this.#nearest(this.#base, trainStep(this.#base), 'prepared')
    const target = this.#base.steps.find(({ name }) => name === prepared.step)?.options.target
    this.#target = typeof target === 'string' ? target : undefined
  }

  plan(): Plan {
    const { pipeline, parameters } = this.#base
    const { window } = this.#request.settings
    const { spans } = this.#request
    return {
      ...this.#base,
      pipeline: backtestRunName(pipeline),
      parameters: { ...parameters, [window.from]: spans[0]?.from ?? '', [window.to]: spans.at(-1)?.to ?? '' },
      useCache: true,
      publishMetrics: false,
      steps: this.#steps,
    }
  }

  /**
   * The rows of one span, as the training would read them. They are scored whatever a check says of them: only data edges
   * are followed. A training is stopped by its check, as the pipeline's is.
   */
  spanTable(span: Span): Edge {
    const plan = this.#planOf(span)
    const table = this.#nearest(plan, trainStep(plan), 'table')
    const names = this.#addClosure(dataEdgesOnly(plan), table.step, `of-${span.label}`)
    return { ...table, step: names.get(table.step) ?? table.step }
  }

  training(through: number, window: Pick<Span, 'from' | 'to'>): Trained {
    const plan = this.#planOf(window)
    const train = trainStep(plan)
    const prepared = this.#nearest(plan, train, 'prepared')
    const names = this.#addClosure(plan, train.name, `to-${this.#label(through)}`)
    const renamed = (name: string) => names.get(name) ?? name
    return {
      through,
      train: { step: renamed(train.name), output: this.#outputOf(train, 'model') },
      prepared: { ...prepared, step: renamed(prepared.step) },
      steps: [...names.values()],
    }
  }

  addStatistics(table: Edge | undefined, span: Span): Edge {
    const inputs = { data: table === undefined ? [] : [table] }
    return { step: this.#add(step(`statistics-of-${span.label}`, 'data/statistics', {}, inputs)), output: 'statistics' }
  }

  addEvaluation(kind: 'score' | 'test', at: Cell, inputs: { model: Edge; data: Edge }): string {
    const name = `${kind}-${this.#label(at.model)}-on-${this.#label(at.span)}`
    const { model, data } = inputs
    return this.#add(step(name, 'model/evaluate', { slices: [], importance: false }, { model: [model], data: [data] }))
  }

  /** Of a model on what its own training held back; with how much it leans on each input, by which drift is weighed. */
  addOwnTest({ through, train, prepared }: Trained): string {
    const name = `test-${this.#label(through)}-on-${this.#label(through)}`
    const inputs = { model: [train], data: [prepared] }
    return this.#add(step(name, 'model/evaluate', { slices: [], importance: true }, inputs))
  }

  addDrift(at: Cell, model: Edge, seen: { statistics: Edge; evaluation: Edge }): string {
    const [trained, span] = [this.#label(at.model), this.#label(at.span)]
    const options = { label: `rows of ${span}`, ...(this.#target !== undefined && { target: this.#target }) }
    return this.#add(
      step(`drift-${trained}-on-${span}`, 'data/drift', options, {
        statistics: [seen.statistics],
        reference: [model],
        evaluation: [seen.evaluation],
      }),
    )
  }

  #label(index: number): string {
    return this.#request.spans[index]?.label ?? String(index)
  }

  #planOf(span: Pick<Span, 'from' | 'to'>): Plan {
    const { planWith, settings, parameters } = this.#request
    return planWith(windowValues(settings.window, span, parameters))
  }

  /** The step and all that it waits for, in order, each under a name of its own. */
  #addClosure(plan: Plan, last: string, suffix: string): Map<string, string> {
    const needed = closureOf(plan, last)
    const names = new Map<string, string>()
    for (const planned of plan.steps.filter(({ name }) => needed.has(name))) {
      if (acting.has(planned.component)) throw actsBeforeTraining(planned)
      const bound = bind(planned, `${planned.name}-${suffix}`, names, plan.parameters)
      names.set(planned.name, this.#add(bound))
    }
    return names
  }

  #add(planned: PlannedStep): string {
    const { name, ...deed } = planned
    const key = hashJson(deed)
    const known = this.#names.get(key)
    if (known !== undefined) return known
    this.#names.set(key, name)
    this.#steps.push(planned)
    return name
  }

  /** The edge nearest to the training, against the flow of data, that carries the type. */
  #nearest(plan: Plan, from: PlannedStep, type: string): Edge {
    const byName = new Map(plan.steps.map((planned) => [planned.name, planned]))
    const queue = [from]
    const seen = new Set<string>()
    for (let planned = queue.shift(); planned !== undefined; planned = queue.shift()) {
      for (const edge of Object.values(planned.inputs).flat()) {
        const source = byName.get(edge.step)
        if (source === undefined || seen.has(edge.step)) continue
        if (this.#request.catalogue.get(source.component)?.outputs[edge.output]?.type === type) return edge
        seen.add(edge.step)
        queue.push(source)
      }
    }
    throw new EsteiraError('pipeline-invalid', `The training does not read a ${type} that a back-test could use.`, {
      where: `steps.${from.name}`,
      next: 'A back-test follows extract, split, prepare and train, whatever stands between.',
    })
  }

  #outputOf(planned: PlannedStep, type: string): string {
    const outputs = Object.entries(this.#request.catalogue.get(planned.component)?.outputs ?? {})
    return outputs.find(([, output]) => output.type === type)?.[0] ?? type
  }
}

function bind(
  planned: PlannedStep,
  name: string,
  names: ReadonlyMap<string, string>,
  parameters: Parameters,
): PlannedStep {
  const renamed = (step: string) => names.get(step) ?? step
  const inputs = Object.entries(planned.inputs).map(([input, edges]) => [
    input,
    edges.map((edge) => ({ ...edge, step: renamed(edge.step) })),
  ])
  return {
    ...planned,
    name,
    inputs: Object.fromEntries(inputs),
    dependsOn: planned.dependsOn.map(renamed),
    when: planned.when === null ? null : bindCondition(planned.when, names, parameters),
  }
}

function step(
  name: string,
  component: string,
  options: PlannedStep['options'],
  inputs: PlannedStep['inputs'],
): PlannedStep {
  const dependsOn = [...new Set(Object.values(inputs).flatMap((edges) => edges.map((edge) => edge.step)))]
  return { name, component, options, inputs, dependsOn, when: null, retry: null, timeoutMs: null, cache: true }
}

function dataEdgesOnly(plan: Plan): Plan {
  const steps = plan.steps.map((planned) => {
    const edges = Object.values(planned.inputs).flat()
    return { ...planned, dependsOn: [...new Set(edges.map((edge) => edge.step))], when: null }
  })
  return { ...plan, steps }
}

function closureOf(plan: Plan, last: string): ReadonlySet<string> {
  const byName = new Map(plan.steps.map((planned) => [planned.name, planned]))
  const needed = new Set<string>()
  const add = (name: string): void => {
    if (needed.has(name)) return
    needed.add(name)
    for (const before of byName.get(name)?.dependsOn ?? []) add(before)
  }
  add(last)
  return needed
}

function trainStep(plan: Plan): PlannedStep {
  const trainings = plan.steps.filter(({ component }) => component === trainComponent)
  const [only] = trainings
  if (only !== undefined && trainings.length === 1) return only
  throw new EsteiraError(
    'pipeline-invalid',
    only === undefined ? 'The pipeline trains no model.' : 'The pipeline trains more than one model.',
    {
      where: `pipelines/${plan.pipeline}.yaml`,
      found: trainings.map(({ name }) => name).join(', ') || `no step that uses ${trainComponent}`,
      next: `A back-test needs exactly one step that uses ${trainComponent}.`,
    },
  )
}

function actsBeforeTraining({ name, component }: PlannedStep): EsteiraError {
  return new EsteiraError('pipeline-invalid', `The training waits for the step "${name}", which uses ${component}.`, {
    where: `steps.${name}`,
    next: 'A back-test never gates, registers or deploys; it cannot repeat this training.',
  })
}

function tooLongStart(initialSpans: number, spans: number): EsteiraError {
  return new EsteiraError('invalid-request', 'The first model would learn from the whole history.', {
    where: 'initialSpans',
    found: String(initialSpans),
    allowed: `1 to ${spans - 1}`,
  })
}
