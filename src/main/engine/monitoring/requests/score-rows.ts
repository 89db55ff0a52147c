/** The metrics of labelled answers, each with the interval in which it lies. Pure. */
import type { Interval } from '#shared/gate.ts'
import type { Task } from '#shared/models.ts'
import type { ScoredMetric } from '#shared/requests.ts'
import { metricsOf } from '../../training/evaluate.ts'
import { answersFor } from '../../training/gate/answers.ts'
import { intervalOf, resample } from '../../training/gate/bootstrap.ts'
import { weightedMetric } from '../../training/gate/weighted-metrics.ts'
import { createRandom } from '../../training/random.ts'
import type { Prediction } from '../../training/runtime.ts'

export interface LabelledAnswers {
  readonly task: Task
  /** Class indices, or numbers. */
  readonly actual: Float64Array
  readonly prediction: Prediction
}

const confidence = 0.95
const resamples = 400
const seed = 7
/** Random numbers of this part, apart from those of other uses of the same seed. */
const stream = 23
/** Fewer rows say nothing about how much a metric would move. */
const fewestRows = 10
/**
 * Of more rows, the bootstrap takes so many and scales: the width of an interval falls with the root of the rows (Politis and
 * Romano 1994), and a million rows would take a minute.
 */
const mostRows = 20_000

/** @throws the signal's reason */
export async function scoreAnswers(answers: LabelledAnswers, signal?: AbortSignal): Promise<ScoredMetric[]> {
  const { task, actual, prediction } = answers
  const values = Object.entries(metricsOf(task, actual, prediction))
  if (actual.length < fewestRows) return values.map(([name, value]) => ({ name, value, interval: null }))
  const intervals = await intervalsOf(answers, values, signal)
  return values.map(([name, value]) => ({ name, value, interval: intervals.get(name) ?? null }))
}

async function intervalsOf(
  { actual, prediction }: LabelledAnswers,
  values: readonly (readonly [string, number])[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Interval>> {
  const rows = sampleOf(actual.length)
  const sample = Float64Array.from(rows, (row) => actual[row] ?? Number.NaN)
  const answers = answersFor(prediction, rows)
  const measures = values.flatMap(([name, value]) => {
    const measure = weightedMetric(name, sample, answers)
    return measure === undefined ? [] : [{ name, value, measure }]
  })
  const draws = await resample(
    rows.length,
    measures.map(({ measure }) => measure),
    { resamples, seed, signal },
  )
  const ones = new Float64Array(rows.length).fill(1)
  const shrink = Math.sqrt(rows.length / actual.length)
  const intervals = new Map<string, Interval>()
  measures.forEach(({ name, value, measure }, index) => {
    const interval = intervalOf(draws[index] ?? new Float64Array(), confidence)
    // Around the value of all rows, not around that of the sample.
    const middle = measure(ones)
    if (interval === undefined || !Number.isFinite(middle)) return
    const low = value + (interval.low - middle) * shrink
    const high = value + (interval.high - middle) * shrink
    intervals.set(name, { ...interval, low, high })
  })
  return intervals
}

/** All rows, or as many of them as are enough, each as likely as any other. */
function sampleOf(length: number): Uint32Array {
  if (length <= mostRows) return Uint32Array.from({ length }, (_, row) => row)
  const random = createRandom(seed, stream)
  const order = Uint32Array.from({ length }, (_, row) => row)
  for (let place = 0; place < mostRows; place++) {
    const other = place + Math.floor(random.next() * (length - place))
    const row = order[other] ?? 0
    order[other] = order[place] ?? 0
    order[place] = row
  }
  return order.slice(0, mostRows).sort()
}
