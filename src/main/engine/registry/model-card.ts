/**
 * The model card of a version, in Markdown: what is stored about it, in the sections of Mitchell et al. 2019, "Model Cards
 * for Model Reporting". Nothing is made up: what is not known is said.
 */
import type { Verdict } from '#shared/gate.ts'
import type { Evaluation, Importance, Metrics, ModelVersionDetails } from '#shared/models.ts'

/** Rows of a table of slices; the rest is counted. */
const maxSlices = 20

export function modelCard(version: ModelVersionDetails): string {
  const sections = [
    details(version),
    intendedUse(version),
    factors(version),
    metrics(version),
    evaluationData(version),
    trainingData(version),
    quantitativeAnalyses(version),
    caveats(version),
  ]
  return `# Model card: ${plain(version.model)}, version ${version.version}\n\n${sections.join('\n\n')}\n`
}

function details({ manifest, createdAt, artifactHash, aliases, serving, lineage }: ModelVersionDetails): string {
  const { environment } = manifest
  const { run } = lineage
  return section('Model details', [
    list([
      ['Registered', instant(createdAt)],
      ['Task', `${manifest.signature.task} of ${code(manifest.signature.target)}`],
      ['Trainer', `${manifest.trainer} (${manifest.runtime})`],
      ['Aliases', aliases.map(code).join(', ') || 'none'],
      ['Serves at', serving.map((each) => `${code(each.endpoint)}, revision ${each.revision}`).join('; ') || 'nowhere'],
      ['Run', `${code(run.id)} of pipeline ${code(run.pipeline)}, started by ${plain(run.startedBy)}`],
      ['Pipeline version', code(run.pipelineVersion)],
      ['Commit', commit(run)],
      ['Environment', `Esteira ${environment.esteira}, Node ${environment.node}, ${environment.backend}`],
      ['Platform and seed', `${environment.platform}, ${environment.seed}`],
      ['Package (SHA-256)', code(artifactHash)],
    ]),
  ])
}

function commit({ gitCommit, gitDirty }: ModelVersionDetails['lineage']['run']): string {
  if (gitCommit === null) return 'not known: the project was not under git'
  return `${code(gitCommit)}${gitDirty === true ? ', with changes that were not committed' : ''}`
}

function intendedUse({ description, manifest }: ModelVersionDetails): string {
  const { inputs, classes } = manifest.signature
  const rows = inputs.map(({ name, type, required }) => [code(name), type, required ? 'required' : 'may be missing'])
  return section('Intended use', [
    description.trim() === '' ? 'Not described: the model has no description in the registry.' : plain(description),
    classes.length === 0 ? 'It predicts a number.' : `Classes: ${classes.map(code).join(', ')}.`,
    table(['input', 'type', ''], rows),
  ])
}

function factors({ evaluation }: ModelVersionDetails): string {
  const columns = [...new Set((evaluation?.content.slices ?? []).map(({ column }) => column))]
  return section('Factors', [
    columns.length === 0
      ? 'Not known: the evaluation has no slices, so differences between groups of rows were not measured.'
      : `The evaluation is also given apart for the values of ${columns.map(code).join(', ')}.`,
  ])
}

function metrics({ evaluation, manifest, metrics: registered, verdict }: ModelVersionDetails): string {
  const test = evaluation?.content.metrics ?? registered
  const names = [...new Set([...Object.keys(test), ...Object.keys(manifest.validationMetrics)])]
  const rows = names.map((name) => [name, number(test[name]), number(manifest.validationMetrics[name])])
  return section('Metrics', [
    table(['metric', evaluation === null ? 'registered' : 'test', 'validation'], rows),
    gate(verdict),
  ])
}

function gate(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'No gate has judged this version.'
  const { blessed, checks, against } = verdict
  const compared = against && `Compared with ${code(`${against.model}@${against.alias}`)}, version ${against.version}.`
  return blocks([
    `The gate ${blessed ? 'accepted' : 'rejected'} it: ${plain(verdict.reason)}`,
    compared ?? '',
    table(
      ['check', 'value', 'limit', ''],
      checks.map((each) => [
        plain(each.check),
        number(each.value),
        number(each.limit),
        each.passed ? 'passed' : 'not passed',
      ]),
    ),
  ])
}

function evaluationData({ evaluation }: ModelVersionDetails): string {
  if (evaluation === null) {
    return section('Evaluation data', ['Not known: no step of the run evaluated this model.'])
  }
  return section('Evaluation data', [
    `${count(evaluation.content.rows)} rows that were kept apart from training, scored in step ${code(evaluation.step)} ` +
      `(artifact ${code(evaluation.artifactHash)}).`,
  ])
}

function trainingData({ manifest, lineage }: ModelVersionDetails): string {
  const data = lineage.datasets.map(({ dataset, where, rows, artifactHash }) => [
    code(dataset),
    where === null ? 'all rows' : code(where),
    rows === null ? 'not known' : count(rows),
    artifactHash === null ? 'not known' : code(artifactHash),
  ])
  const steps = lineage.steps.map(({ name, component, outputs }) => [
    code(name),
    code(component),
    Object.values(outputs)
      .map((hash) => code(hash.slice(0, 16)))
      .join(' '),
  ])
  return section('Training data', [
    `Trained on ${count(manifest.trainedRows)} rows.`,
    data.length === 0
      ? 'The dataset is not known: no step before it read one.'
      : table(['dataset', 'rows taken', 'rows', 'artifact'], data),
    'From the data to this version:',
    table(['step', 'component', 'outputs'], steps),
  ])
}

function quantitativeAnalyses({ evaluation }: ModelVersionDetails): string {
  if (evaluation === null) return section('Quantitative analyses', ['Not known: there is no evaluation.'])
  const { content } = evaluation
  return section('Quantitative analyses', [confusion(content), slices(content), importance(content.importance)])
}

function confusion({ confusion: counts, classes }: Evaluation): string {
  if (counts === undefined) return ''
  const rows = counts.map((row, index) => [code(classes[index] ?? ''), ...row.map(count)])
  return blocks(['### Confusion matrix', table(['actual ↓ predicted →', ...classes.map(code)], rows)])
}

function slices({ slices: all, metrics: overall }: Evaluation): string {
  if (all.length === 0) return ''
  const names = Object.keys(overall)
  const rows = all
    .slice(0, maxSlices)
    .map((each) => [code(each.column), code(each.value), count(each.rows), ...values(each.metrics, names)])
  const left = all.length - rows.length
  return blocks([
    '### Slices',
    table(['column', 'value', 'rows', ...names], rows),
    left > 0 ? `${left} more slices are in the evaluation.` : '',
  ])
}

function importance(measured: Importance | undefined): string {
  if (measured === undefined) return 'How much the model leans on each input was not measured.'
  const rows = measured.inputs.map(({ name, mean, deviation }) => [code(name), number(mean), number(deviation)])
  return blocks([
    '### Permutation importance',
    `By how much the ${measured.metric} worsens when the values of one input are shuffled: mean and standard deviation of ` +
      `${measured.repeats} repeats on ${count(measured.rows)} rows.`,
    table(['input', 'mean', 'deviation'], rows),
  ])
}

function caveats({ evaluation, verdict, lineage, manifest }: ModelVersionDetails): string {
  const { gitCommit, gitDirty } = lineage.run
  const known = [
    gitCommit === null && 'The code and configuration of the project are not tied to a commit.',
    gitDirty === true && 'Files of the project differed from the commit when the run started.',
    evaluation === null && 'No evaluation on rows that were kept apart is stored with the run.',
    evaluation !== null && evaluation.content.slices.length === 0 && 'No group of rows was scored apart.',
    verdict === undefined && 'No gate has judged the version.',
    verdict?.blessed === false && 'The gate rejected the version.',
    manifest.signature.inputs.some(({ required }) => !required) && 'Some inputs had missing values in training.',
  ].filter((line) => typeof line === 'string')
  return section('Caveats and recommendations', [
    known.map((line) => `- ${line}`).join('\n'),
    'Ethical considerations, and how far the data stands for those whom predictions concern, are not known to Esteira: people have to judge them.',
  ])
}

function section(title: string, parts: readonly string[]): string {
  return blocks([`## ${title}`, ...parts])
}

function blocks(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

function list(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, value]) => `- ${name}: ${value}`).join('\n')
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text of people inside Markdown: it cannot end a cell, open a tag or make a link. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`).replace(/\s*\n\s*/g, ' ')
}

/** As code, whatever the text holds. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')}${space}${fence}`
}

function values(of: Metrics, names: readonly string[]): string[] {
  return names.map((name) => number(of[name]))
}

/** Four significant digits; a dash where there is no number. */
function number(value: number | null | undefined): string {
  return value === undefined || value === null ? '–' : String(Number(value.toPrecision(4)))
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
