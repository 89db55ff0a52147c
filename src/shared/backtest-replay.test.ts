/** A policy over literal matrices: three or four spans whose figures can be followed by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Matrix, Policy, PolicyCondition, ReplaySettings } from './backtest.ts'
import { advantage, chosenMetric, replay, replayAll } from './backtest-replay.ts'

/** Score of model i on span j; the model itself on what its training held back is on the diagonal. */
interface Figures {
  readonly auc: readonly (readonly (number | null)[])[]
  readonly drift?: readonly (readonly (number | null)[])[]
  readonly tests?: readonly (readonly (number | null)[])[]
  readonly seconds?: readonly number[]
  readonly rows?: readonly (number | null)[]
  readonly failing?: readonly number[]
}

function matrixOf({ auc, drift = [], tests = [], seconds = [], rows = [], failing = [] }: Figures): Matrix {
  const spans = auc.length
  const later = (model: number) => Array.from({ length: spans - model - 1 }, (_, index) => model + 1 + index)
  const models = Array.from({ length: spans - 1 }, (_, through) => through)
  const cell = (value: number | null | undefined): Pick<Matrix['scores'][number], 'metrics' | 'problem'> =>
    value === null || value === undefined
      ? { metrics: {}, problem: 'no rows' }
      : { metrics: { auc: value, logLoss: 1 - value }, problem: null }
  return {
    spans: auc.map((_, index) => ({
      label: `s${index}`,
      from: '2001-01-01',
      to: '2001-02-01',
      rows: rows[index] === undefined ? 100 : rows[index],
      problem: null,
    })),
    models: models.map((through) => ({
      through,
      from: '2001-01-01',
      to: '2001-02-01',
      computeSeconds: seconds[through] ?? 10,
      problem: failing.includes(through) ? 'one class only' : null,
    })),
    scores: models.flatMap((model) => later(model).map((span) => ({ model, span, ...cell(auc[model]?.[span]) }))),
    tests: models.flatMap((model) =>
      models
        .filter((heldOut) => heldOut >= model)
        .map((heldOut) => ({ model, heldOut, ...cell(tests[model]?.[heldOut] ?? 0.5 + model / 10) })),
    ),
    drifts: models.flatMap((model) =>
      later(model).map((span) => {
        const value = drift[model]?.[span] ?? null
        return { model, span, value, columns: ['origin'], problem: value === null ? 'no rows' : null }
      }),
    ),
  }
}

function policy(anyOf: PolicyCondition[][], limits: Partial<Omit<Policy, 'anyOf'>> = {}): Policy {
  return { name: 'p', anyOf, cooldownSpans: 0, budget: { retrainings: null, computeSeconds: null }, ...limits }
}

const rules = { metric: 'auc', gate: { mode: 'better', minimumGain: 0 }, labelDelaySpans: 0 } as const
const every = (spans: number): PolicyCondition => ({ kind: 'every', spans })
const driftAbove = (above: number): PolicyCondition => ({ kind: 'drift', above })
const aucBelow = (limit: number): PolicyCondition => ({ kind: 'performance', metric: 'auc', limit })

const decisions = (matrix: Matrix, tested: Policy, changes: Partial<ReplaySettings> = {}) =>
  replay(matrix, tested, { ...rules, ...changes }).rows.map(({ decision }) => decision)

/** Model i on span j, both from 0: a newer model is better by 0.02. */
const x = null
const improving = matrixOf({
  auc: [
    [x, 0.6, 0.61, 0.6, 0.59],
    [x, x, 0.63, 0.62, 0.61],
    [x, x, x, 0.64, 0.63],
    [x, x, x, x, 0.65],
    [x, x, x, x, x],
  ],
  drift: [
    [x, 0.05, 0.15, 0.2, 0.3],
    [x, x, 0.05, 0.12, 0.2],
    [x, x, x, 0.04, 0.11],
    [x, x, x, x, 0.02],
    [x, x, x, x, x],
  ],
  seconds: [10, 20, 30, 40],
})

describe('replay', () => {
  it('never: one model serves every span', () => {
    const { rows, totals } = replay(improving, policy([]), rules)
    expect(rows.map(({ score }) => score)).toEqual([0.6, 0.61, 0.6, 0.59])
    expect(rows.map(({ champion }) => champion)).toEqual([0, 0, 0, 0])
    expect(totals).toMatchObject({ worstScore: 0.59, worstSpan: 4, retrainings: 0, promotions: 0, computeSeconds: 10 })
    expect(totals.meanScore).toBeCloseTo(0.6, 12)
    expect(totals.meanGain).toBe(0)
  })

  it('T2: every span, the newest model serves the next', () => {
    const { rows, totals } = replay(improving, policy([[every(1)]]), rules)
    expect(rows.map(({ score }) => score)).toEqual([0.6, 0.63, 0.64, 0.65])
    expect(rows.map(({ decision }) => decision)).toEqual(['initial', 'promoted', 'promoted', 'promoted'])
    expect(rows[3]?.gain).toBeCloseTo(0.06, 12)
    expect(totals).toMatchObject({ retrainings: 3, promotions: 3, computeSeconds: 100 })
  })

  it('T2: every second span is counted from the first training', () => {
    expect(decisions(improving, policy([[every(2)]]))).toEqual(['initial', 'quiet', 'promoted', 'quiet'])
  })

  it('T5: on drift, from the data that the champion was trained on', () => {
    const { rows } = replay(improving, policy([[driftAbove(0.1)]]), rules)
    expect(rows.map(({ decision }) => decision)).toEqual(['initial', 'quiet', 'promoted', 'quiet'])
    expect(rows[1]?.evidence).toEqual([[{ condition: driftAbove(0.1), value: 0.05, holds: false, note: 'origin' }]])
    // Retrained through span 2, the champion is at 0.04 on span 3.
    expect(rows[3]?.evidence[0]?.[0]?.value).toBe(0.04)
  })

  it('T5: drift that is exactly the threshold is not above it', () => {
    expect(decisions(improving, policy([[driftAbove(0.15)]]))).toEqual(['initial', 'quiet', 'quiet', 'promoted'])
  })

  it('T4: on performance, of the champion on the span that ended', () => {
    const { rows } = replay(improving, policy([[aucBelow(0.62)]]), rules)
    expect(rows.map(({ decision }) => decision)).toEqual(['initial', 'promoted', 'quiet', 'quiet'])
    expect(rows.map(({ evidence }) => evidence[0]?.[0]?.value)).toEqual([undefined, 0.6, 0.63, 0.62])
  })

  it('T4: of a metric where lower is better, above the limit is worse', () => {
    const logLoss: PolicyCondition = { kind: 'performance', metric: 'logLoss', limit: 0.395 }
    expect(decisions(improving, policy([[logLoss]]))).toEqual(['initial', 'promoted', 'quiet', 'quiet'])
  })

  it('all conditions of a list, or any list', () => {
    expect(decisions(improving, policy([[driftAbove(0.1), aucBelow(0.7)]]))).toEqual([
      'initial',
      'quiet',
      'promoted',
      'quiet',
    ])
    expect(decisions(improving, policy([[driftAbove(9)], [aucBelow(0.7)]]))).toEqual([
      'initial',
      'promoted',
      'promoted',
      'promoted',
    ])
  })

  it('cools down from the last retraining, whoever won', () => {
    expect(decisions(improving, policy([[every(1)]], { cooldownSpans: 2 }))).toEqual([
      'initial',
      'cooldown',
      'promoted',
      'cooldown',
    ])
  })

  it('ends at its budget of retrainings or of seconds, the first training apart', () => {
    const budget = (limits: Partial<Policy['budget']>) =>
      decisions(improving, policy([[every(1)]], { budget: { retrainings: null, computeSeconds: null, ...limits } }))
    expect(budget({ retrainings: 1 })).toEqual(['initial', 'promoted', 'budget', 'budget'])
    expect(budget({ computeSeconds: 50 })).toEqual(['initial', 'promoted', 'promoted', 'budget'])
    expect(budget({ computeSeconds: 49 })).toEqual(['initial', 'promoted', 'budget', 'budget'])
  })

  it('L1.2: the gate keeps a champion that the new model does not beat on the rows held back', () => {
    const matrix = matrixOf({
      auc: [
        [x, 0.6, 0.6, 0.6],
        [x, x, 0.5, 0.5],
        [x, x, x, 0.7],
        [x, x, x, x],
      ],
      tests: [
        [0.6, 0.62, 0.6],
        [x, 0.61, 0.6],
        [x, x, 0.65],
      ],
    })
    const { rows, totals } = replay(matrix, policy([[every(1)]]), rules)
    expect(rows.map(({ decision }) => decision)).toEqual(['initial', 'kept', 'promoted'])
    expect(rows[1]?.gate).toEqual({ challenger: 1, challengerScore: 0.61, championScore: 0.62 })
    expect(rows.map(({ score }) => score)).toEqual([0.6, 0.6, 0.7])
    expect(totals).toMatchObject({ retrainings: 2, promotions: 1, computeSeconds: 30 })
    const open = { gate: { mode: 'none', minimumGain: 0 } } as const
    expect(decisions(matrix, policy([[every(1)]]), open)).toEqual(['initial', 'promoted', 'promoted'])
    const strict = { gate: { mode: 'better', minimumGain: 0.06 } } as const
    expect(decisions(matrix, policy([[every(1)]]), strict)).toEqual(['initial', 'kept', 'kept'])
  })

  it('T4: labels that come late delay the score, the training and the first champion', () => {
    const { rows } = replay(improving, policy([[aucBelow(0.62)]]), { ...rules, labelDelaySpans: 1 })
    expect(rows.map(({ span, decision }) => [span, decision])).toEqual([
      [1, 'initial'],
      [2, 'promoted'],
      [3, 'quiet'],
    ])
    // At the end of span 2 the labels of span 1 are known: the model learns through it.
    expect(rows[1]).toMatchObject({ champion: 1, score: 0.62 })
    expect(rows[1]?.evidence[0]?.[0]?.value).toBe(0.6)
  })

  it('T4: the span that is judged is the newest labelled one, never one that the champion learned from', () => {
    const { rows } = replay(improving, policy([[every(1), aucBelow(0.7)]]), { ...rules, labelDelaySpans: 2 })
    expect(rows[1]?.evidence[0]?.[1]).toMatchObject({ value: 0.6, holds: true })
    expect(rows.map(({ champion }) => champion)).toEqual([0, 1])
  })

  it('counts new rows since the last training', () => {
    const condition: PolicyCondition = { kind: 'new-data', rows: 150 }
    const { rows } = replay(improving, policy([[condition]]), rules)
    expect(rows.map(({ decision }) => decision)).toEqual(['initial', 'quiet', 'promoted', 'quiet'])
    expect(rows.map(({ evidence }) => evidence[0]?.[0]?.value)).toEqual([undefined, 100, 200, 100])
  })

  it('keeps the champion where the training fails, and tries again when it is due', () => {
    const matrix = matrixOf({
      auc: improving.spans.map((_, model) => improving.spans.map((_, span) => 0.6 + model / 100 + span / 1000)),
      failing: [1],
    })
    const { rows, totals } = replay(matrix, policy([[every(1)]]), rules)
    expect(rows.map(({ decision }) => decision)).toEqual(['initial', 'failed', 'promoted', 'promoted'])
    expect(rows[1]).toMatchObject({ problem: 'one class only', champion: 0, computeSeconds: 10 })
    expect(totals).toMatchObject({ retrainings: 3, promotions: 2 })
  })

  it('has no champion until a first training succeeds', () => {
    const matrix = matrixOf({
      auc: [
        [x, 0.6, 0.6, 0.6],
        [x, x, 0.62, 0.62],
        [x, x, x, 0.63],
        [x, x, x, x],
      ],
      failing: [0],
    })
    const { rows, totals } = replay(matrix, policy([]), rules)
    expect(rows.map(({ decision, champion, score }) => [decision, champion, score])).toEqual([
      ['failed', null, null],
      ['initial', 1, 0.62],
      ['quiet', 1, 0.62],
    ])
    expect(rows[0]?.scoreProblem).toBe('There is no champion yet.')
    expect(totals.retrainings).toBe(0)
  })

  it('neither scores nor retrains on a span without rows', () => {
    const matrix = matrixOf({
      auc: [
        [x, x, 0.6, 0.6],
        [x, x, 0.62, 0.62],
        [x, x, x, 0.63],
        [x, x, x, x],
      ],
      rows: [100, null, 100, 100],
    })
    const { rows, totals } = replay(matrix, policy([[every(1)]]), rules)
    expect(rows.map(({ decision, score }) => [decision, score])).toEqual([
      ['initial', null],
      ['nothing-new', 0.6],
      ['promoted', 0.63],
    ])
    expect(rows[0]?.scoreProblem).toBe('no rows')
    expect(totals).toMatchObject({ worstScore: 0.6, worstSpan: 2, retrainings: 1 })
  })

  it('names a metric that no evaluation has', () => {
    const { problems, rows } = replay(improving, policy([[{ kind: 'performance', metric: 'rmse', limit: 3 }]]), rules)
    expect(problems).toEqual([
      { message: 'No evaluation has the metric "rmse".', found: 'rmse', allowed: ['auc', 'logLoss'] },
    ])
    expect(rows[1]?.evidence[0]?.[0]).toMatchObject({
      value: null,
      holds: false,
      note: 'The evaluation has no metric "rmse".',
    })
  })

  it('compares by the main metric of the task unless one is asked for', () => {
    expect(chosenMetric(improving, { metric: null })).toBe('auc')
    expect(chosenMetric(improving, { metric: 'logLoss' })).toBe('logLoss')
    const [result] = replayAll(improving, { ...rules, metric: 'logLoss', policies: [policy([[every(1)]])] })
    expect(result?.rows[3]?.gain).toBeCloseTo(0.06, 12)
    expect(result?.totals.worstScore).toBeCloseTo(0.4, 12)
  })
})

describe('any replay', () => {
  const figure = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 8, nil: null })
  const matrices = fc.integer({ min: 2, max: 7 }).chain((spans) => {
    const square = fc.array(fc.array(figure, { minLength: spans, maxLength: spans }), {
      minLength: spans,
      maxLength: spans,
    })
    return fc
      .record({
        auc: square,
        drift: square,
        tests: square,
        seconds: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: spans, maxLength: spans }),
        rows: fc.array(fc.option(fc.integer({ min: 1, max: 100 })), { minLength: spans, maxLength: spans }),
        failing: fc.uniqueArray(fc.integer({ min: 0, max: spans })),
      })
      .map(matrixOf)
  })
  const condition: fc.Arbitrary<PolicyCondition> = fc.oneof(
    fc.record({ kind: fc.constant('every' as const), spans: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('new-data' as const), rows: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant('drift' as const), above: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      kind: fc.constant('performance' as const),
      metric: fc.constantFrom('auc', 'logLoss', 'rmse'),
      limit: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  )
  const limit = fc.option(fc.integer({ min: 0, max: 5 }), { nil: null })
  const policies = fc
    .record({
      anyOf: fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      cooldownSpans: fc.integer({ min: 0, max: 3 }),
      budget: fc.record({
        retrainings: limit,
        computeSeconds: limit.map((value) => (value === null ? null : value * 40)),
      }),
    })
    .map(({ anyOf, ...limits }) => policy(anyOf, limits))
  const settings = fc.record({
    metric: fc.constantFrom('auc', 'logLoss'),
    gate: fc.record({
      mode: fc.constantFrom('better' as const, 'none' as const),
      minimumGain: fc.double({ min: 0, max: 0.2, noNaN: true }),
    }),
    labelDelaySpans: fc.integer({ min: 0, max: 3 }),
  })

  it('uses no figure that was not known yet, keeps to cool-down and budget, and adds up', () => {
    fc.assert(
      fc.property(matrices, policies, settings, (matrix, tested, used) => {
        const { rows, totals } = replay(matrix, tested, used)
        let last: number | undefined
        let champion: number | null = null
        for (const row of rows) {
          if (row.champion !== null) expect(row.champion).toBeLessThanOrEqual(row.span - used.labelDelaySpans)
          const retrained =
            ['initial', 'promoted', 'kept'].includes(row.decision) || (row.decision === 'failed' && champion !== null)
          if (retrained && last !== undefined)
            expect(row.span - last).toBeGreaterThanOrEqual(Math.max(1, tested.cooldownSpans))
          if (retrained) last = row.span
          if (row.champion !== champion) expect(['initial', 'promoted']).toContain(row.decision)
          champion = row.champion
          expect(row.score === null).toBe(row.scoreProblem !== null)
        }
        expect(totals.promotions).toBeLessThanOrEqual(totals.retrainings)
        expect(totals.retrainings).toBeLessThanOrEqual(tested.budget.retrainings ?? Number.POSITIVE_INFINITY)
        expect(totals.computeSeconds).toBeCloseTo(
          rows.reduce((sum, row) => sum + row.computeSeconds, 0),
          9,
        )
      }),
    )
  })

  it('is not changed by what comes after the end of a span', () => {
    fc.assert(
      fc.property(matrices, policies, settings, fc.nat(), (matrix, tested, used, seed) => {
        const { rows } = replay(matrix, tested, used)
        const end = rows[seed % Math.max(1, rows.length)]?.span ?? 0
        const changed: Matrix = {
          ...matrix,
          scores: matrix.scores.map((cell) => (cell.span > end ? { ...cell, metrics: {}, problem: 'unknown' } : cell)),
          drifts: matrix.drifts.map((cell) => (cell.span > end ? { ...cell, value: null, problem: 'unknown' } : cell)),
          tests: matrix.tests.map((cell) => (cell.heldOut > end ? { ...cell, metrics: {}, problem: 'unknown' } : cell)),
          models: matrix.models.map((model) => (model.through > end ? { ...model, problem: 'unknown' } : model)),
        }
        const upTo = (all: typeof rows) =>
          all.filter(({ span }) => span <= end).map(({ decision, champion }) => [decision, champion])
        expect(upTo(replay(changed, tested, used).rows)).toEqual(upTo(rows))
      }),
    )
  })

  it('of a policy that never retrains gains nothing', () => {
    fc.assert(
      fc.property(matrices, settings, (matrix, used) => {
        const { rows } = replay(matrix, policy([]), used)
        expect(rows.every(({ gain, score }) => gain === (score === null ? null : 0))).toBe(true)
      }),
    )
  })
})

describe('advantage', () => {
  it('is positive where the value is better', () => {
    expect(advantage('auc', 0.7, 0.6)).toBeGreaterThan(0)
    expect(advantage('rmse', 3, 4)).toBe(1)
  })
})
