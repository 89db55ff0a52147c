import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketOf } from '#shared/latency-histogram.ts'
import {
  type AbTestSpec,
  type ArmFigures,
  abTestSchema,
  type CanarySpec,
  type Counts,
  canarySchema,
  type LabelFigure,
  type RolloutFigures,
  shadowSchema,
} from '#shared/rollout.ts'
import { createRandom } from '../../training/random.ts'
import { type Decision, decideRollout, type RolloutFacts } from './decide.ts'
import { noFigures } from './figures.ts'

const minute = 60_000
const spec: CanarySpec = canarySchema.parse({ kind: 'canary', steps: [0.1, 0.5], hold: '10m', minimumRequests: 200 })
const facts = (change: Partial<RolloutFacts> = {}): RolloutFacts => ({
  spec,
  step: 0,
  stepSince: 0,
  looks: { count: 0, atRequests: 0, atLabels: 0 },
  checks: [],
  result: null,
  ...change,
})

/** So many requests, all as quick and with the same spread of predictions. */
function arm(requests: number, change: Partial<ArmFigures> = {}): ArmFigures {
  const answered = requests - (change.errors ?? 0)
  const each = Math.floor(answered / 4)
  const predictions: [number, number][] = [10, 30, 60, 80].map((bin) => [bin, each])
  return { requests, errors: 0, latencies: [[bucketOf(2), answered]], predictions, ...change }
}

const figures = (change: Partial<RolloutFigures> = {}): RolloutFigures => ({
  ...noFigures,
  stable: arm(2_000),
  candidate: arm(400),
  ...change,
})

const said = ({ act, checks }: Decision) => [
  act,
  ...checks.flatMap(({ check, status }) => (status === 'stop' ? [check] : [])),
]

describe('a canary', () => {
  test('goes on once its time and its requests are reached and nothing stops it', () => {
    const decision = decideRollout(facts(), figures(), 10 * minute)
    expect(decision).toMatchObject({ act: 'advance', step: 1, share: 0.5 })
    expect(decision.checks.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'hold passed',
      'requests passed',
      'error-rate passed',
      'latency-p99 passed',
      'predictions passed',
    ])
  })

  test('is promoted after its last step', () => {
    expect(decideRollout(facts({ step: 1 }), figures(), 10 * minute)).toMatchObject({ act: 'promote' })
  })

  test('a quiet hour decides nothing, however long it lasts', () => {
    const quiet = figures({ candidate: arm(199) })
    expect(decideRollout(facts(), quiet, 24 * 60 * minute).act).toBe('wait')
    expect(decideRollout(facts(), noFigures, 24 * 60 * minute).act).toBe('wait')
  })

  test('a rush decides nothing before its time', () => {
    expect(decideRollout(facts(), figures({ candidate: arm(100_000) }), 10 * minute - 1).act).toBe('wait')
  })

  test.each<[string, Partial<RolloutFigures>, string]>([
    ['more errors', { candidate: arm(400, { errors: 40 }) }, 'error-rate'],
    [
      'a slow tail',
      {
        candidate: arm(400, {
          latencies: [
            [bucketOf(2), 350],
            [bucketOf(30), 50],
          ],
        }),
      },
      'latency-p99',
    ],
    ['other predictions', { candidate: arm(400, { predictions: [[95, 400]] }) }, 'predictions'],
  ])('%s of the new version end it at once, long before its time', (_, change, check) => {
    const decision = decideRollout(facts(), figures(change), 1)
    expect(said(decision)).toEqual(['roll-back', check])
  })

  test('what ails both versions is no reason to go back', () => {
    const ill = { stable: arm(2_000, { errors: 300 }), candidate: arm(400, { errors: 60 }) }
    expect(decideRollout(facts(), figures(ill), 1).act).toBe('wait')
  })

  test('a few failures of few requests are no reason', () => {
    expect(decideRollout(facts(), figures({ candidate: arm(40, { errors: 2 }) }), 1).act).toBe('wait')
    // Not tested at all below thirty.
    const some = decideRollout(facts(), figures({ candidate: arm(29, { errors: 29 }) }), 1)
    expect(some).toMatchObject({ act: 'wait', looks: { count: 0 } })
  })

  test('a latency in milliseconds is held against itself', () => {
    const strict = { ...spec, stop: { ...spec.stop, latencyP99: false, latencyP99Ms: 1 } } as const
    expect(said(decideRollout(facts({ spec: strict }), figures(), 1))).toEqual(['roll-back', 'latency-p99-ms'])
  })

  test('a condition that is off stops nothing', () => {
    const off = { ...spec, stop: { ...spec.stop, errorRate: false } } as const
    const failing = figures({ candidate: arm(400, { errors: 400, predictions: [], latencies: [] }) })
    expect(decideRollout(facts({ spec: off }), failing, 1).act).toBe('wait')
  })

  const label = { metric: 'accuracy', margin: 0.02, minimumRows: 100 }
  const labelled = { ...spec, stop: { ...spec.stop, label } }
  const metric = (value: number, rows = 1_000, half = 0.01): LabelFigure => ({
    value,
    low: value - half,
    high: value + half,
    confidence: 0.95,
    rows,
    higherIsBetter: true,
  })

  test('a step waits for the truth', () => {
    const facts0 = facts({ spec: labelled })
    expect(decideRollout(facts0, figures(), 60 * minute).act).toBe('wait')
    const few = figures({ labels: { stable: metric(0.9), candidate: metric(0.9, 99) } })
    expect(decideRollout(facts0, few, 60 * minute).act).toBe('wait')
    const enough = figures({ labels: { stable: metric(0.9), candidate: metric(0.9, 100) } })
    expect(decideRollout(facts0, enough, 60 * minute).act).toBe('advance')
  })

  test('a metric that is certainly worse ends it, one that may be does not', () => {
    const at = (candidate: LabelFigure) =>
      said(decideRollout(facts({ spec: labelled }), figures({ labels: { stable: metric(0.9), candidate } }), 1))
    expect(at(metric(0.8))).toEqual(['roll-back', 'label'])
    expect(at(metric(0.89))).toEqual(['wait'])
    expect(at(metric(0.8, 1_000, 0.2))).toEqual(['wait'])
    const loss = (value: number): LabelFigure => ({ ...metric(value), higherIsBetter: false })
    const losses = figures({ labels: { stable: loss(0.3), candidate: loss(0.5) } })
    expect(said(decideRollout(facts({ spec: labelled }), losses, 1))).toEqual(['roll-back', 'label'])
  })

  test('between looks what was found last holds, and the last look is at all there is', () => {
    const first = decideRollout(facts(), figures({ candidate: arm(100) }), 1)
    expect(first.looks).toEqual({ count: 1, atRequests: 100, atLabels: 0 })
    const { looks, checks } = first
    const second = decideRollout(facts({ looks, checks }), figures({ candidate: arm(110, { errors: 110 }) }), 2)
    expect(second).toMatchObject({ act: 'wait', looks })
    const last = decideRollout(
      facts({ looks: { ...looks, atRequests: 199 }, checks }),
      figures({ candidate: arm(200) }),
      10 * minute,
    )
    expect(last).toMatchObject({ act: 'advance', looks: { count: 2, atRequests: 200 } })
  })

  test('a version that is as good is rarely stopped, however often is looked', () => {
    const random = createRandom(11).next
    const quiet = { ...spec, stop: { ...spec.stop, errorRate: 0, confidence: 0.99 } }
    let stopped = 0
    for (let rollout = 0; rollout < 300; rollout++) {
      let now = facts({ spec: quiet })
      let [stable, candidate] = [arm(0), arm(0)]
      for (let second = 0; second < 200; second++) {
        stable = grown(stable, random, 20)
        candidate = grown(candidate, random, 5)
        const { act, ...found } = decideRollout(now, figures({ stable, candidate }), second)
        now = { ...now, ...found }
        if (act !== 'roll-back') continue
        stopped++
        break
      }
    }
    // Three conditions that err in a hundredth each, of 300: 9 are expected at the most, 20 come with a chance below 1/1000.
    expect(stopped).toBeLessThan(20)
  })

  test('whatever the figures, no step is taken before its time, and a share never falls', () => {
    const counts = fc.integer({ min: 0, max: 5_000 })
    fc.assert(
      fc.property(
        counts,
        counts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(20 * minute),
        fc.nat(1),
        (a, b, errors, now, step) => {
          const candidate = arm(b, { errors: Math.floor(b * errors) })
          const decision = decideRollout(facts({ step }), figures({ stable: arm(a), candidate }), now)
          if (decision.act === 'advance' || decision.act === 'promote') {
            expect(now).toBeGreaterThanOrEqual(10 * minute)
            expect(b).toBeGreaterThanOrEqual(200)
            expect(decision.checks.every(({ status }) => status === 'passed')).toBe(true)
          }
          if (decision.act === 'advance') expect(decision.share).toBeGreaterThan(spec.steps[step] ?? 1)
          if (decision.act === 'roll-back') expect(decision.checks.some(({ status }) => status === 'stop')).toBe(true)
        },
      ),
    )
  })
})

function grown(before: ArmFigures, random: () => number, requests: number): ArmFigures {
  const answers = Array.from({ length: requests }, () => random())
  const plus = (counts: Counts, bins: readonly number[]): [number, number][] => {
    const merged = new Map(counts)
    for (const bin of bins) merged.set(bin, (merged.get(bin) ?? 0) + 1)
    return [...merged].sort(([x], [y]) => x - y)
  }
  return {
    requests: before.requests + requests,
    errors: before.errors + answers.filter((drawn) => drawn < 0.02).length,
    latencies: plus(
      before.latencies,
      answers.map(() => bucketOf(1 + 3 * random())),
    ),
    predictions: plus(
      before.predictions,
      answers.map((drawn) => Math.floor(drawn * 100)),
    ),
  }
}

describe('an A/B test', () => {
  const test0: AbTestSpec = abTestSchema.parse({
    kind: 'a-b',
    key: { header: 'x-user' },
    metric: 'accuracy',
    minimumRows: 500,
    hold: '1d',
    decides: 'test',
  })
  const day = 24 * 60 * minute
  const figure = (value: number, rows = 1_000): LabelFigure => {
    const half = 1.96 * Math.sqrt((value * (1 - value)) / rows)
    return { value, low: value - half, high: value + half, confidence: 0.95, rows, higherIsBetter: true }
  }
  const at = (candidate: number, rows = 1_000, stable = 0.8) =>
    figures({ labels: { stable: figure(stable, rows), candidate: figure(candidate, rows) } })
  const ask = (what: RolloutFigures, now = day, change: Partial<RolloutFacts> = {}) =>
    decideRollout(facts({ spec: test0, ...change }), what, now)

  test.each<[number, Decision['act'], string]>([
    [0.87, 'promote', 'better'],
    [0.72, 'roll-back', 'worse'],
    [0.81, 'wait', 'no-difference'],
  ])('of %d against 0.8 of 1,000 rows each: %s', (candidate, act, verdict) => {
    expect(ask(at(candidate))).toMatchObject({ act, result: { verdict } })
  })

  test('decides nothing before its time and rows', () => {
    expect(ask(at(0.95), day - 1)).toMatchObject({ act: 'wait', result: { verdict: 'waiting', looks: 0 } })
    expect(ask(at(0.95, 499))).toMatchObject({ act: 'wait', result: { verdict: 'waiting' } })
    expect(ask(noFigures)).toMatchObject({ act: 'wait', result: { difference: null } })
  })

  test('a person decides where a person is to', () => {
    const decision = ask(at(0.95), day, { spec: { ...test0, decides: 'person' } })
    expect(decision).toMatchObject({ act: 'wait', result: { verdict: 'better' } })
  })

  test('is tested again only with a quarter more rows, and more strictly each time', () => {
    const first = ask(at(0.81))
    const again = ask(at(0.81, 1_100), day, { result: first.result })
    expect(again.result).toEqual(first.result)
    const later = ask(at(0.81, 1_250), day, { result: first.result })
    expect(later.result).toMatchObject({ looks: 2, atRows: 1_250 })
  })

  test('ends when a stop condition says so, whatever the metric', () => {
    expect(said(ask({ ...at(0.95), candidate: arm(400, { errors: 100 }) }))).toEqual(['roll-back', 'error-rate'])
  })
})

test('a shadow waits for a person', () => {
  const shadow = facts({ spec: shadowSchema.parse({ kind: 'shadow' }) })
  expect(decideRollout(shadow, figures({ candidate: arm(9_000, { errors: 9_000 }) }), 1e12).act).toBe('wait')
})
