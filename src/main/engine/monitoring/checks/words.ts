/** What readings say, in English: for the CLI, the API and the ledgers. */
import type { Nothing, PartNote, SampleOf } from '#shared/reading-words.ts'

export function sampleText(sample: SampleOf): string {
  switch (sample.kind) {
    case 'requests':
      return 'requests of the window'
    case 'requests-before':
      return 'requests of the window before'
    case 'training':
      return `training data of ${sample.model} ${sample.version}`
    case 'predictions':
      return `predictions of ${sample.model} ${sample.version}`
    case 'evaluation':
      return `evaluation of ${sample.model} ${sample.version}`
  }
}

export function nothingText(nothing: Nothing): string {
  switch (nothing.kind) {
    case 'no-endpoint':
      return 'The endpoint was not there yet.'
    case 'no-model':
      return 'No model answers at the endpoint.'
    case 'no-request':
      return 'There was no request.'
    case 'no-answer':
      return 'No request was answered.'
    case 'no-row':
      return 'No row was answered.'
    case 'no-label':
      return 'No label has come.'
    case 'no-label-due':
      return 'No label was due.'
    case 'no-feature-read':
      return 'No feature was read from the online store.'
    case 'no-scores':
      return 'There are no scores.'
    case 'no-labelled-scores':
      return 'The evaluation of the version holds no labelled scores.'
    case 'no-metric':
      return `These rows have no ${nothing.metric}.`
    case 'no-evaluation':
      return `${nothing.model} ${nothing.version} has no evaluation with its predictions.`
    case 'no-reference':
      return `${sampleText(nothing.sample)}: no rows to compare with.`
    case 'inputs-not-comparable':
      return 'No input can be compared.'
    case 'predictions-not-comparable':
      return 'The predictions cannot be compared.'
    case 'not-two-classes':
      return 'Performance is estimated for models of two classes alone.'
    case 'no-environment':
      return `${nothing.file} knows no environment ${nothing.environment}.`
    case 'no-known-input':
      return `${nothing.file} knows none of the inputs.`
    case 'problem':
      return nothing.problem
  }
}

/** An anomaly describes itself. */
export function noteText(note: Exclude<PartNote, { kind: 'anomaly' }>): string {
  switch (note.kind) {
    case 'drift':
      return `${note.measure} ${shown(note.value)}, limit ${shown(note.limit)}`
    case 'reads':
      return `${note.fresh} fresh, ${note.stale} stale, ${note.missing} missing`
  }
}

function shown(value: number | null): string {
  return value === null ? 'undefined' : String(Number(value.toPrecision(3)))
}
