/**
 * One policy replayed over a matrix of models and scores. Pure: engine, command line and page call the same function, so
 * that a threshold can be moved after everything was computed. Time is the index of a span.
 */
import type {
  Decision,
  Evidence,
  Matrix,
  Policy,
  PolicyCondition,
  ReplayResult,
  ReplayRow,
  ReplaySettings,
} from './backtest.ts'
import { higherIsBetter, mainMetric } from './metrics.ts'

type Cell = { readonly metrics: Readonly<Record<string, number>>; readonly problem: string | null }

/** The matrix by its two indices. */
class Cells {
  readonly matrix: Matrix
  readonly #scores: ReadonlyMap<string, Cell>
  readonly #tests: ReadonlyMap<string, Cell>
  readonly #drifts: ReadonlyMap<string, Matrix['drifts'][number]>
  readonly #models: ReadonlyMap<number, Matrix['models'][number]>

  constructor(matrix: Matrix) {
    this.matrix = matrix
    this.#scores = new Map(matrix.scores.map((cell) => [`${cell.model} ${cell.span}`, cell]))
    this.#tests = new Map(matrix.tests.map((cell) => [`${cell.model} ${cell.heldOut}`, cell]))
    this.#drifts = new Map(matrix.drifts.map((cell) => [`${cell.model} ${cell.span}`, cell]))
    this.#models = new Map(matrix.models.map((model) => [model.through, model]))
  }

  model(through: number) {
    return this.#models.get(through)
  }
  drift(model: number, span: number) {
    return this.#drifts.get(`${model} ${span}`)
  }
  score(model: number, span: number, metric: string): Figure {
    return figure(this.#scores.get(`${model} ${span}`), metric)
  }
  test(model: number, heldOut: number, metric: string): Figure {
    return figure(this.#tests.get(`${model} ${heldOut}`), metric)
  }
  rowsBetween(after: number, through: number): number {
    return this.matrix.spans.slice(after + 1, through + 1).reduce((sum, { rows }) => sum + (rows ?? 0), 0)
  }
}

interface Figure {
  readonly value: number | null
  readonly why: string | null
}

function figure(cell: Cell | undefined, metric: string): Figure {
  if (cell === undefined) return { value: null, why: 'It was not computed.' }
  const value = cell.metrics[metric]
  if (value !== undefined) return { value, why: null }
  return { value: null, why: cell.problem ?? `The evaluation has no metric "${metric}".` }
}

/** Positive where `value` is better than `other`. */
export function advantage(metric: string, value: number, other: number): number {
  return higherIsBetter[metric] === false ? other - value : value - other
}

/** The metrics that some evaluation of the matrix has. */
export function metricsOf(matrix: Matrix): string[] {
  const cells = [...matrix.scores, ...matrix.tests]
  return [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))].sort()
}

export const neverPolicy: Policy = {
  name: 'never',
  anyOf: [],
  cooldownSpans: 0,
  budget: { retrainings: null, computeSeconds: null },
}

/** The metric that was asked for, else the main one of what the evaluations have. */
export function chosenMetric(matrix: Matrix, { metric }: Pick<ReplaySettings, 'metric'>): string {
  if (metric !== null) return metric
  const known = metricsOf(matrix)
  return Object.values(mainMetric).find((name) => known.includes(name)) ?? known[0] ?? mainMetric.binary
}

type Rules = Pick<ReplaySettings, 'gate' | 'labelDelaySpans'> & { readonly metric: string }

/** Every policy over the same history, each compared with never retraining. */
export function replayAll(matrix: Matrix, settings: ReplaySettings): ReplayResult[] {
  const cells = new Cells(matrix)
  const metric = chosenMetric(matrix, settings)
  const rules = { ...settings, metric }
  const never = new Replay(cells, neverPolicy, rules).rows()
  return settings.policies.map((policy) => {
    const rows = new Replay(cells, policy, rules).rows().map((row, index) => ({
      ...row,
      gain: gainOver(never[index]?.score, row.score, metric),
    }))
    return { policy, rows, totals: totalsOf(rows, metric), problems: unknownMetrics(policy, matrix) }
  })
}

export function replay(matrix: Matrix, policy: Policy, rules: Omit<ReplaySettings, 'policies'>): ReplayResult {
  const [result] = replayAll(matrix, { ...rules, policies: [policy] })
  if (result === undefined) throw new Error('one policy gives one result')
  return result
}

function gainOver(never: number | null | undefined, score: number | null, metric: string): number | null {
  return score === null || never === null || never === undefined ? null : advantage(metric, score, never)
}

class Replay {
  readonly #cells: Cells
  readonly #policy: Policy
  readonly #rules: Rules
  /** The ends of spans at which something can be decided: a span follows each, and the first has labels to train on. */
  readonly #first: number
  #champion: number | null = null
  /** The model that was trained last, whether it became champion or not, and when. */
  #lastTrained: number | null = null
  #lastTrainedAt: number | null = null
  #retrainings = 0
  #retrainingSeconds = 0

  constructor(cells: Cells, policy: Policy, rules: Rules) {
    this.#cells = cells
    this.#policy = policy
    this.#rules = rules
    const through = cells.matrix.models.map((model) => model.through)
    this.#first = (through.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...through)) + rules.labelDelaySpans
  }

  rows(): ReplayRow[] {
    const rows: ReplayRow[] = []
    for (let span = this.#first; span < this.#cells.matrix.spans.length - 1; span++) rows.push(this.#endOf(span))
    return rows
  }

  #endOf(span: number): ReplayRow {
    const decided = this.#champion === null ? this.#trainFirst(span) : this.#decide(span, this.#champion)
    const score: Figure =
      this.#champion === null
        ? { value: null, why: 'There is no champion yet.' }
        : this.#cells.score(this.#champion, span + 1, this.#rules.metric)
    return { span, ...decided, champion: this.#champion, score: score.value, scoreProblem: score.why, gain: null }
  }

  /** Until there is a champion, every policy trains. */
  #trainFirst(span: number): Decided {
    const trained = this.#cells.model(span - this.#rules.labelDelaySpans)
    const computeSeconds = trained?.computeSeconds ?? 0
    if (trained === undefined || trained.problem !== null) {
      return { ...nothing('failed'), problem: trained?.problem ?? 'It was not computed.', computeSeconds }
    }
    this.#champion = trained.through
    this.#lastTrained = trained.through
    this.#lastTrainedAt = span
    return { ...nothing('initial'), computeSeconds }
  }

  #decide(span: number, champion: number): Decided {
    const evidence = this.#policy.anyOf.map((all) => all.map((condition) => this.#look(condition, span, champion)))
    const isDue = evidence.some((all) => all.every(({ holds }) => holds))
    if (!isDue) return { ...nothing('quiet'), evidence }
    const held = this.#heldBack(span)
    if (held !== undefined) return { ...nothing(held), evidence }
    return { ...this.#retrain(span, champion), evidence }
  }

  #heldBack(span: number): Decision | undefined {
    const newest = span - this.#rules.labelDelaySpans
    if (this.#lastTrained !== null && this.#cells.rowsBetween(this.#lastTrained, newest) === 0) return 'nothing-new'
    if (this.#lastTrainedAt !== null && span - this.#lastTrainedAt < this.#policy.cooldownSpans) return 'cooldown'
    const { retrainings, computeSeconds } = this.#policy.budget
    if (retrainings !== null && this.#retrainings >= retrainings) return 'budget'
    const cost = this.#cells.model(newest)?.computeSeconds ?? 0
    return computeSeconds !== null && this.#retrainingSeconds + cost > computeSeconds ? 'budget' : undefined
  }

  #retrain(span: number, champion: number): Decided {
    const newest = span - this.#rules.labelDelaySpans
    const trained = this.#cells.model(newest)
    const computeSeconds = trained?.computeSeconds ?? 0
    this.#lastTrained = newest
    this.#lastTrainedAt = span
    this.#retrainings++
    this.#retrainingSeconds += computeSeconds
    if (trained === undefined || trained.problem !== null) {
      return { ...nothing('failed'), problem: trained?.problem ?? 'It was not computed.', computeSeconds }
    }
    const challengerScore = this.#cells.test(newest, newest, this.#rules.metric).value
    const championScore = this.#cells.test(champion, newest, this.#rules.metric).value
    const passed = this.#passes(challengerScore, championScore)
    if (passed) this.#champion = newest
    const gate = { challenger: newest, challengerScore, championScore }
    return { ...nothing(passed ? 'promoted' : 'kept'), gate, computeSeconds }
  }

  /** As strict as the gate of a pipeline: equal is not better. Without both scores nothing is shown. */
  #passes(challenger: number | null, champion: number | null): boolean {
    const { gate, metric } = this.#rules
    if (gate.mode === 'none') return true
    if (challenger === null || champion === null) return false
    const gain = advantage(metric, challenger, champion)
    return gain > 0 && gain >= gate.minimumGain
  }

  #look(condition: PolicyCondition, span: number, champion: number): Evidence {
    switch (condition.kind) {
      case 'every': {
        const value = span - this.#first
        return { condition, value, holds: value % condition.spans === 0, note: null }
      }
      case 'new-data': {
        const value = this.#cells.rowsBetween(this.#lastTrained ?? champion, span - this.#rules.labelDelaySpans)
        return { condition, value, holds: value >= condition.rows, note: null }
      }
      case 'drift': {
        const cell = this.#cells.drift(champion, span)
        const value = cell?.value ?? null
        const note = value === null ? (cell?.problem ?? 'It was not computed.') : cell?.columns.join(', ') || null
        return { condition, value, holds: value !== null && value > condition.above, note }
      }
      case 'performance': {
        // Always later than what the champion was trained on, which was labelled when it was trained.
        const labelled = span - this.#rules.labelDelaySpans
        const { value, why } = this.#cells.score(champion, labelled, condition.metric)
        const holds = value !== null && advantage(condition.metric, value, condition.limit) < 0
        return { condition, value, holds, note: why }
      }
    }
  }
}

type Decided = Pick<ReplayRow, 'decision' | 'evidence' | 'gate' | 'problem' | 'computeSeconds'>

function nothing(decision: Decision): Decided {
  return { decision, evidence: [], gate: null, problem: null, computeSeconds: 0 }
}

function totalsOf(rows: readonly ReplayRow[], metric: string): ReplayResult['totals'] {
  const scored = rows.flatMap(({ span, score }) => (score === null ? [] : [{ span: span + 1, score }]))
  const gains = rows.flatMap(({ gain }) => gain ?? [])
  const worst = scored.reduce<(typeof scored)[number] | undefined>(
    (sofar, each) => (sofar === undefined || advantage(metric, each.score, sofar.score) < 0 ? each : sofar),
    undefined,
  )
  const retrained = rows.filter(({ decision, champion }, index) => {
    const hadChampion = rows[index - 1]?.champion ?? null
    if (decision === 'failed') return hadChampion !== null || champion !== null
    return decision === 'promoted' || decision === 'kept'
  })
  return {
    meanScore: mean(scored.map(({ score }) => score)),
    worstScore: worst?.score ?? null,
    worstSpan: worst?.span ?? null,
    meanGain: mean(gains),
    retrainings: retrained.length,
    promotions: rows.filter(({ decision }) => decision === 'promoted').length,
    computeSeconds: rows.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0),
  }
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Conditions on metrics that no evaluation has: they can never hold, which must not pass for a quiet policy. */
function unknownMetrics(policy: Policy, matrix: Matrix): ReplayResult['problems'] {
  const allowed = metricsOf(matrix)
  if (allowed.length === 0) return []
  const asked = policy.anyOf.flat().flatMap((condition) => (condition.kind === 'performance' ? condition.metric : []))
  return [...new Set(asked)]
    .filter((metric) => !allowed.includes(metric))
    .map((found) => ({ message: `No evaluation has the metric "${found}".`, found, allowed }))
}
