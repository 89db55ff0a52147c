import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { regressionSignature } from '../../serving/testing.ts'
import { askRequests } from './ask.ts'
import { tidyRequests } from './compaction.ts'
import { importLabels } from './import-labels.ts'
import { type PerformanceQuestion, performanceOf, type ScoreQuestion, scoreWindow } from './scoring.ts'
import { firstAt, TestLog } from './testing.ts'

let test: TestLog
afterEach(() => test.remove())

const span = { endpoint: 'flights', from: firstAt, to: firstAt + 30 * 86_400_000 }
const score = (question: Partial<ScoreQuestion> = {}) =>
  askRequests(test.place, { ...span, ...question }, test.signal, (requests, tables) =>
    scoreWindow(requests, tables, { ...span, ...question }, test.signal),
  )
const performance = (question: Partial<PerformanceQuestion> & Pick<PerformanceQuestion, 'by'>) =>
  askRequests(test.place, span, test.signal, (requests, tables) =>
    performanceOf(requests, tables, { ...span, ...question, logPath: test.place.logPath }, test.signal),
  )

/** Labels and scores of scikit-learn's metrics, as in the tests of the metrics themselves. */
const labels = [0, 0, 1, 1, 0, 1, 0, 1, 1, 0]
const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9, 0.5, 0.6]

it('scores what is labelled with the metrics of the evaluation, each in its interval', async () => {
  test = new TestLog()
  await test.answer(...scores.map((output, index) => ({ id: `r${index}`, output })), { id: 'later', output: 0.9 })
  await test.label(...labels.map((label, index) => ({ id: `r${index}`, row: 0, label: label === 1 })))
  const { rows, labelled, metrics, task, labelDelayMs } = await score()
  expect({ rows, labelled, task, labelDelayMs }).toEqual({
    rows: 11,
    labelled: 10,
    task: 'binary',
    labelDelayMs: { p50: 60_000, p95: 60_000 },
  })
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value
  expect(value('auc')).toBeCloseTo(0.76, 12)
  expect(value('accuracy')).toBeCloseTo(0.7, 12)
  expect(value('brier')).toBeCloseTo(0.18125, 12)
  for (const { name, value: each, interval } of metrics) {
    expect(interval?.low, name).toBeLessThanOrEqual(each)
    expect(interval?.high, name).toBeGreaterThanOrEqual(each)
  }
})

it('takes labels early, late, out of order and corrected: the last that came holds, whatever the order of files', async () => {
  test = new TestLog()
  // Before its request is logged.
  await test.label({ id: 'b', row: 0, label: true }, { id: 'nobody', row: 0, label: true })
  await test.answer({ id: 'a', output: 0.9 }, { id: 'b', output: 0.9 })
  expect(await score()).toMatchObject({ rows: 2, labelled: 1 })
  await test.label({ id: 'a', row: 0, label: false })
  await test.label(
    { id: 'a', row: 0, label: true },
    { id: 'a', row: 0, label: false },
    { id: 'a', row: 0, label: true },
  )
  const accuracy = async () => (await score()).metrics.find(({ name }) => name === 'accuracy')?.value
  expect(await accuracy()).toBe(1)
  await test.close()
  const settings = { keepDays: 30, keepBytes: 2 ** 30 }
  await tidyRequests(test.place, { endpoint: 'flights', settings, now: firstAt }, test.signal)
  expect(await accuracy()).toBe(1)
  await test.label({ id: 'a', row: 0, label: false })
  expect(await accuracy()).toBe(0.5)
  expect((await performance({ by: 'day' })).unmatchedLabels).toBe(1)
})

it('finds the answer that a label of values and time means', async () => {
  test = new TestLog()
  const input = { distance: 862.5, origin: 'ORD', weekend: true, date: '2001-03-05T17:30:00Z' }
  await test.answer(
    { id: 'first', output: 0.9, input },
    { id: 'second', output: 0.9, input, at: firstAt + 10_000 },
    { id: 'other', output: 0.9, input: { ...input, origin: 'ATL' }, at: firstAt + 10_000 },
  )
  const within = '1d'
  await test.label(
    { entity: { ...input, date: '2001-03-05T18:30:00+01:00' }, at: firstAt + 5_000, within, label: true },
    { entity: { origin: 'ORD', distance: 862.5 }, at: firstAt + 20_000, within, label: false },
    // Too long after the answer, and for values that nobody asked for.
    { entity: { origin: 'ATL' }, at: firstAt + 20_000, within: '5s', label: true },
    { entity: { origin: 'XXX' }, within, label: true },
  )
  const all = await performance({ by: 'slice', input: 'origin' })
  expect(all).toMatchObject({ unmatchedLabels: 2, all: { rows: 3, labelled: 2 } })
  expect(all.parts.map(({ part, rows, labelled }) => ({ part, rows, labelled }))).toEqual([
    { part: 'ORD', rows: 2, labelled: 2 },
    { part: 'ATL', rows: 1, labelled: 0 },
  ])
  expect((await score({ to: firstAt + 5_000 })).metrics.find(({ name }) => name === 'accuracy')?.value).toBe(1)
  expect((await score({ from: firstAt + 5_000 })).metrics.find(({ name }) => name === 'accuracy')?.value).toBe(0)
})

it('divides performance by day and by revision, and leaves shadows out', async () => {
  test = new TestLog()
  const nextDay = firstAt + 86_400_000
  await test.answer(
    { id: 'a', output: 0.9 },
    { id: 'a', output: 0.1, revision: 2, role: 'shadow' },
    { id: 'b', output: 0.1, revision: 2, at: nextDay },
    { id: 'c', output: 0.9, revision: 2, at: nextDay },
  )
  test.now = nextDay + 5_000
  await test.label(...['a', 'b', 'c'].map((id) => ({ id, row: 0, label: true })))
  const accuracies = async (by: 'day' | 'revision') =>
    (await performance({ by })).parts.map(({ part, metrics }) => [
      part,
      metrics.find(({ name }) => name === 'accuracy')?.value,
    ])
  expect(await accuracies('day')).toEqual([
    ['2001-09-09', 1],
    ['2001-09-10', 0.5],
  ])
  expect(await accuracies('revision')).toEqual([
    ['1', 1],
    ['2', 0.5],
  ])
  expect(await score({ revision: 2 })).toMatchObject({ rows: 2, labelled: 2 })
  expect(await score({ slice: { input: 'distance', value: '1' } })).toMatchObject({ rows: 3 })
})

it('scores numbers, from a file of labels', async () => {
  test = new TestLog(regressionSignature)
  await test.answer(...[1, 2, 3].map((x) => ({ id: `r${x}`, output: 2 * x, input: { x } })))
  const file = join(test.place.scratchPath, 'labels.csv')
  writeFileSync(file, 'id,label\nr1,3\nr2,4\nr3,\nr9,1\n')
  const request = { endpoint: 'flights', file, now: test.now }
  expect(await importLabels(test.place, request, test.signal)).toEqual({ accepted: 3 })
  const { labelled, metrics, task } = await score()
  expect({ labelled, task }).toEqual({ labelled: 2, task: 'regression' })
  expect(metrics.find(({ name }) => name === 'mae')).toEqual({ name: 'mae', value: 0.5, interval: null })
  writeFileSync(file, 'x,label\n3,7\n')
  expect(await importLabels(test.place, request, test.signal)).toEqual({ accepted: 1 })
  expect(await score()).toMatchObject({ labelled: 3 })
  writeFileSync(file, 'id,lable\nr1,3\n')
  await expect(importLabels(test.place, request, test.signal)).rejects.toMatchObject({
    code: 'invalid-request',
    context: { nearest: 'lable' },
  })
})

it('has nothing to say of an endpoint that nobody asked', async () => {
  test = new TestLog()
  expect(await score()).toEqual({
    from: span.from,
    to: span.to,
    rows: 0,
    labelled: 0,
    task: null,
    metrics: [],
    labelDelayMs: null,
  })
  expect(await performance({ by: 'revision' })).toMatchObject({ parts: [], unmatchedLabels: 0 })
})
