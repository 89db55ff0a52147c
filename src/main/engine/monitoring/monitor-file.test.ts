import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resourcesPath } from '../kernel/app-paths.ts'
import { parseMonitor } from './monitor-file.ts'

const file = 'monitors/watch.yaml'
const text = `name: watch
endpoint: late
window: { tumbling: 1w }
minRows: 50
checks:
  drift: { kind: drift, warning: { above: 0.1 }, critical: { above: 0.2 } }
  auc:
    kind: performance
    metric: auc
    slice: origin
    window: 30d
    minRows: 500
    warning: { below: 0.6 }
`
const surroundings = {
  endpoints: ['late', 'early'],
  schemas: ['schemas/flights.yaml'],
  inputs: () => ['origin', 'distance'],
}

function parse(source: string) {
  return parseMonitor({ projectId: 'p', text: source, file }, surroundings)
}

function problems(source: string) {
  const parsed = parse(source)
  if (parsed.ok) throw new Error('there is no problem')
  return parsed.problems
}

describe('a monitor file', () => {
  it('is read in one form, with defaults and durations in milliseconds', () => {
    const parsed = parse(text)
    expect(parsed).toMatchObject({
      ok: true,
      monitor: {
        projectId: 'p',
        name: 'watch',
        file,
        endpoint: 'late',
        everyMs: 604_800_000,
        checks: [
          {
            name: 'drift',
            minRows: 50,
            window: { kind: 'tumbling', lengthMs: 604_800_000 },
            spec: { against: 'training' },
          },
          {
            name: 'auc',
            minRows: 500,
            window: { kind: 'sliding', lengthMs: 2_592_000_000 },
            spec: { crossed: 'interval' },
          },
        ],
      },
    })
  })

  it('reports every problem at once, each at its place and with the nearest name', () => {
    const wrong = `name: other
endpoint: lte
window: { sliding: 1d, tumbling: 1d }
every: 1s
checks:
  drift: { kind: drift, warning: { above: 0.3 }, critical: { above: 0.2 }, columns: [orgin] }
  auc: { kind: performance, metric: auc, slice: distanc, warning: { above: 0.6 } }
  share: { kind: errors, warning: { above: 5 } }
  quality: { kind: data-quality, schema: schemas/flight.yaml }
`
    expect(
      problems(wrong).map(({ line, column, path, found, nearest }) => [line, column, path, found, nearest]),
    ).toEqual([
      [1, 7, 'name', 'other', undefined],
      [2, 11, 'endpoint', 'lte', 'late'],
      [3, 9, 'window', '{"sliding":"1d","tumbling":"1d"}', undefined],
      [4, 8, 'every', '1s', undefined],
      [6, 69, 'checks.drift.critical.above', '0.2', undefined],
      [6, 86, 'checks.drift.columns.0', 'orgin', 'origin'],
      [7, 49, 'checks.auc.slice', 'distanc', 'distance'],
      [7, 76, 'checks.auc.warning.above', 'above', undefined],
      [8, 44, 'checks.share.warning.above', '5', undefined],
      [9, 42, 'checks.quality.schema', 'schemas/flight.yaml', 'schemas/flights.yaml'],
    ])
  })

  it('names the keys that a check of its kind can have, beside the problems of the others', () => {
    const wrong = `name: watch
endpont: late
checks:
  latency: { kind: latency, percentle: 95 }
  drift: { kind: drfit }
  labels: { kind: missing-labels }
  errors: { kind: errors, warning: {} }
`
    expect(problems(wrong)).toMatchObject([
      { line: 1, path: 'endpoint', message: '"endpoint" is missing.' },
      { line: 2, found: 'endpont', nearest: 'endpoint' },
      {
        line: 4,
        column: 29,
        found: 'percentle',
        nearest: 'percentile',
        expected: 'one of kind, percentile, warning, critical, window, minRows',
      },
      { line: 5, path: 'checks.drift.kind', found: 'drfit', nearest: 'drift' },
      { line: 6, path: 'checks.labels.after', message: '"after" is missing.' },
      { line: 7, path: 'checks.errors.warning', message: 'Must hold above, below or both.' },
    ])
  })

  it('asks for a check, and for YAML', () => {
    expect(problems('name: watch\nendpoint: late\nchecks: {}')).toMatchObject([{ line: 3, path: 'checks' }])
    expect(problems('name: watch\nendpoint: late')).toMatchObject([{ message: '"checks" is missing.' }])
    expect(problems('name: [')).toMatchObject([{ line: 1 }])
    expect(problems('')).toHaveLength(1)
  })

  it('has no problem without a line, whatever is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (check, window) => {
        const source = JSON.stringify({ name: 'watch', endpoint: 'late', window, checks: { check } })
        const parsed = parse(source)
        return parsed.ok || (parsed.problems.length > 0 && parsed.problems.every(({ line }) => line === 1))
      }),
    )
  })

  it('of the sample is in order', () => {
    const name = 'monitors/flight-delay.yaml'
    const sample = readFileSync(join(resourcesPath, 'samples/flight-delay', name), 'utf8')
    const known = { ...surroundings, endpoints: ['flight-delay'] }
    expect(parseMonitor({ projectId: 'p', text: sample, file: name }, known)).toMatchObject({ ok: true })
  })
})
