/** What a model, a baseline or a rule answers for the rows judged, and the metrics of that. */
import type { Metrics, Task } from '#shared/models.ts'
import { metricsOf } from '../evaluate.ts'
import { auc } from '../metrics/ranking.ts'
import type { Prediction } from '../runtime.ts'

/** `scores` order the rows, the higher the more likely positive, without being probabilities. */
export type Answers = Prediction | { readonly kind: 'scores'; readonly scores: Float64Array }

/** Scores alone have an AUC and nothing else. One that is not defined for the rows is left out. */
export function metricsOfAnswers(task: Task, actual: Float64Array, answers: Answers): Metrics {
  if (answers.kind !== 'scores') return metricsOf(task, actual, answers)
  const area = auc(answers.scores, actual)
  return Number.isFinite(area) ? { auc: area } : {}
}

/**
 * The probabilities for the wanted classes, in their order. A class that the model does not know gets 0, so it is never
 * right about it.
 */
export function inClassesOf(prediction: Prediction, classes: readonly string[]): Prediction {
  if (prediction.kind === 'values' || sameList(prediction.classes, classes)) return prediction
  const from = classes.map((name) => prediction.classes.indexOf(name))
  const width = prediction.classes.length
  const rows = width === 0 ? 0 : prediction.probabilities.length / width
  const probabilities = new Float64Array(rows * classes.length)
  for (let row = 0; row < rows; row++) {
    from.forEach((index, to) => {
      if (index >= 0) probabilities[row * classes.length + to] = prediction.probabilities[row * width + index] ?? 0
    })
  }
  return { kind: 'probabilities', classes, probabilities }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** The answers for some of the rows, in the given order. */
export function answersFor(answers: Answers, rows: Uint32Array): Answers {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? Number.NaN)
  switch (answers.kind) {
    case 'scores':
      return { kind: 'scores', scores: pick(answers.scores) }
    case 'values':
      return { kind: 'values', values: pick(answers.values) }
    case 'probabilities': {
      const width = answers.classes.length
      const probabilities = new Float64Array(rows.length * width)
      rows.forEach((row, index) => {
        probabilities.set(answers.probabilities.subarray(row * width, (row + 1) * width), index * width)
      })
      return { ...answers, probabilities }
    }
  }
}
