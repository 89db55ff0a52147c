/** The text of the files that `esteira init` writes. Pure: from what was found in the data to what a person reads. */
import { stringify } from 'yaml'
import type { Task } from '#shared/models.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import { gitignoreText } from '../pipelines/project-git.ts'

export interface NewProject {
  readonly name: string
  /** The dataset's name. */
  readonly dataset: string
  readonly spec: DatasetSpec
  readonly rows: number
  readonly task: Task
  readonly target: string
  readonly classes: readonly string[]
  /** Columns that the model does not see, with the reason in words. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[]
  /** The data file is more than git should keep. */
  readonly isLarge: boolean
  /** The schema file's text. */
  readonly schema: string
}

/** Path relative to the project folder to text. `esteira.yaml` comes last: with it the folder becomes a project. */
export function projectFiles(project: NewProject): Map<string, string> {
  return new Map([
    ['.gitignore', gitignoreText(project.isLarge ? [project.spec.path] : [])],
    [`schemas/${project.dataset}.yaml`, project.schema],
    ['pipelines/train.yaml', trainPipeline(project)],
    ['esteira.yaml', projectFile(project)],
  ])
}

function projectFile({ name, dataset, spec }: NewProject): string {
  return `${[
    `# A project of Esteira. Everything in this folder is text for you and git; what the machine writes lies in the home.`,
    `name: ${scalar(name)}`,
    `datasets:`,
    `  ${scalar(dataset)}:`,
    indent(stringify(spec, { lineWidth: 0 }).trimEnd(), 4),
  ].join('\n')}\n`
}

const taskWords: Record<Task, string> = {
  binary: 'a model that tells two classes apart',
  multiclass: 'a model that tells several classes apart',
  regression: 'a model that predicts a number',
}

/** What a model must reach at least to be blessed: better than a guess that ignores the inputs. */
function thresholds({ task, classes }: NewProject): string {
  if (task === 'binary') return '{ auc: 0.5 }'
  if (task === 'regression') return '{ r2: 0 }'
  return `{ macroF1: ${Math.floor(100 / classes.length) / 100} }`
}

function metricToImprove(task: Task): string {
  return { binary: 'auc', multiclass: 'logLoss', regression: 'rmse' }[task]
}

function trainPipeline(project: NewProject): string {
  const { name, dataset, task, target } = project
  return `# Trains ${taskWords[task]}, checks it, and puts it into service if it is good enough.
# Run it with: npx esteira run train --project .
name: train
seed: 1
steps:
  extract:
    uses: data/extract
    with: { dataset: ${flow(dataset)} }
  stats:
    uses: data/statistics
    in: { data: extract }
  # Stops the run if the data is not what the schema says. The schema was inferred; it is yours to edit.
  check:
    uses: data/validate
    in: { statistics: stats, data: extract }
    with: { schema: ${flow(`schemas/${dataset}.yaml`)} }
  # A fifth of the rows is kept apart to test on. For data over time, { by: time, column: … } is the honest choice.
  split:
    uses: data/split
    in: { data: extract }
    needs: [check]
    with: { by: random, test: 0.2, validation: 0.1${task === 'regression' ? '' : `, target: ${flow(target)}`} }
  prepare:
    uses: data/prepare
    in: { data: split }
    with:
      target: ${scalar(target)}
      task: ${task}
${excludedColumns(project)}  train:
    uses: model/train
    in: { data: prepare }
    with: { trainer: neural-network }
  evaluate:
    uses: model/evaluate
    in: { model: train, data: prepare }
  # Blesses the model if it is better than a guess, and better than the one in service on the very same rows.
  gate:
    uses: model/gate
    in: { evaluation: evaluate }
    with:
      thresholds: ${thresholds(project)}
      against: ${scalar(`${name}@champion`)}
      metric: ${metricToImprove(task)}
  register:
    uses: model/register
    in: { model: train, verdict: gate }
    with: { model: ${flow(name)} }
  deploy:
    uses: model/deploy
    in: { version: register }
    with: { endpoint: ${flow(name)} }
`
}

function excludedColumns({ leftOut }: NewProject): string {
  if (leftOut.length === 0) return ''
  const lines = leftOut.map(({ name, reason }) => `        - ${scalar(name)} # ${oneLine(reason)}`)
  return [
    '      # Left out, as they cannot help; remove a line to use the column after all.',
    '      exclude:',
    ...lines,
    '',
  ].join('\n')
}

/** A text as a YAML scalar on one line, quoted only where it must be. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, blockQuote: false }).trimEnd()
}

/** The same inside `{ }`, where more characters have a meaning. */
function flow(text: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N} ._/@-]*$/u.test(text) && scalar(text) === text ? text : JSON.stringify(text)
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function indent(text: string, spaces: number): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(spaces) + line))
    .join('\n')
}
