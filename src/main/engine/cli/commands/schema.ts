import { resolve } from 'node:path'
import type { AnomalyReport } from '#shared/anomalies.ts'
import type { DatasetInfo, SchemaProposal, SchemaProposals, ValidationReport } from '#shared/data.ts'
import { EsteiraError, nearestName, toProblem } from '../../kernel/errors.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatTable } from '../output.ts'

type Client = Parameters<Parameters<typeof withEngine>[1]>[0]['client']

interface ProjectChoice {
  readonly project: string
}
interface InferenceChoice extends ProjectChoice {
  readonly target?: string
  readonly limits?: true
}

const projectOption = ['--project <dir>', 'the project folder', '.'] as const
const targetOption = ['--target <column>', 'what is predicted: expected in training, not when serving'] as const
const limitsOption = ['--limits', 'also the ranges of numbers and the number of rows, as they were seen'] as const

export const define: DefineCommand = (command, line) => {
  command
    .command('infer')
    .description('print a schema that the data of a dataset matches, or write it where there is none yet')
    .argument('<dataset>')
    .option(...projectOption)
    .option(...targetOption)
    .option(...limitsOption)
    .option('--write', 'write the file; one that exists is never overwritten: see "update"')
    .action(async (dataset: string, choice: InferenceChoice & { write?: true }) => {
      const inferred = await withEngine(line, ({ client }) => infer(client, dataset, choice))
      line.answer(inferred, () => (choice.write ? `Written: ${inferred.file}` : inferred.text.trimEnd()))
    })
  command
    .command('update')
    .description('show what the data would add to the schema, each addition with a number; accept some or all')
    .argument('<dataset>')
    .option(...projectOption)
    .option(...targetOption)
    .option(...limitsOption)
    .option('--accept <numbers>', 'the additions to write, e.g. 1,3')
    .option('--all', 'write every addition')
    .action(async (dataset: string, choice: UpdateChoice) => {
      const updated = await withEngine(line, ({ client }) => update(client, dataset, choice))
      line.answer(updated, () => describeUpdate(updated))
    })
  command
    .command('show')
    .description('print the schema of a dataset')
    .argument('<dataset>')
    .option(...projectOption)
    .action(async (dataset: string, choice: ProjectChoice) => {
      const shown = await withEngine(line, ({ client }) => show(client, dataset, choice))
      line.answer(shown, () => shown.text.trimEnd())
    })
  command
    .command('check')
    .description('hold a dataset against its schema; both verdicts')
    .argument('<dataset>')
    .option(...projectOption)
    .option('--environment <name>', 'default: the first that the schema knows')
    .option('--previous <dataset>', 'a dataset to compare with: drift')
    .action(async (dataset: string, choice: CheckChoice) => await check(line, dataset, choice))
}

async function projectOf(client: Client, { project }: ProjectChoice): Promise<string> {
  return (await client.call('addProject', { body: { path: resolve(project) } })).id
}

/** @throws EsteiraError `dataset-not-found` */
async function datasetOf(client: Client, id: string, name: string): Promise<DatasetInfo> {
  const datasets = await client.call('listDatasets', { params: { id } })
  const found = datasets.find((dataset) => dataset.name === name)
  if (found !== undefined) return found
  const known = datasets.map((dataset) => dataset.name)
  const nearest = nearestName(name, known)
  throw new EsteiraError('dataset-not-found', `The project has no dataset "${name}".`, {
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

async function schemaFileOf(client: Client, id: string, name: string): Promise<string> {
  const { schemaFile } = await datasetOf(client, id, name)
  if (schemaFile !== null) return schemaFile
  throw new EsteiraError('not-found', `The dataset "${name}" has no schema yet.`, {
    next: `Make one: esteira schema infer ${name} --write`,
  })
}

function inferenceBody({ target, limits }: InferenceChoice) {
  return { ...(target !== undefined && { target }), ...(limits && { limits }) }
}

async function infer(client: Client, name: string, choice: InferenceChoice & { write?: true }) {
  const id = await projectOf(client, choice)
  const inferred = await client.call('inferSchema', { params: { id, name }, body: inferenceBody(choice) })
  if (!choice.write) return { ...inferred, written: false }
  const { schemaFile } = await datasetOf(client, id, name)
  if (schemaFile !== null) {
    throw new EsteiraError('conflict', `The dataset "${name}" has a schema already.`, {
      where: schemaFile,
      next: `See what the data would add to it: esteira schema update ${name}`,
    })
  }
  const body = { path: inferred.file, text: inferred.text, expected: null }
  await client.call('writeProjectFile', { params: { id }, body })
  return { ...inferred, written: true }
}

interface UpdateChoice extends InferenceChoice {
  readonly accept?: string
  readonly all?: true
}

interface Updated extends Pick<SchemaProposals, 'file' | 'proposals' | 'kept'> {
  /** Of the proposals, from 1. */
  readonly accepted: number[]
}

async function update(client: Client, name: string, choice: UpdateChoice): Promise<Updated> {
  const id = await projectOf(client, choice)
  await schemaFileOf(client, id, name)
  const found = await client.call('proposeSchema', { params: { id, name }, body: inferenceBody(choice) })
  const { file, text, sha256, proposals, kept } = found
  const accepted = choice.all ? proposals.map((_, index) => index + 1) : numbersOf(choice.accept, proposals.length)
  if (accepted.length > 0) {
    const edits = accepted.flatMap((number) => proposals[number - 1]?.edits ?? [])
    const draft = await client.call('draftSchema', { params: { id }, body: { file, text, edits } })
    await client.call('writeProjectFile', { params: { id }, body: { path: file, text: draft.text, expected: sha256 } })
  }
  return { file, proposals, kept, accepted }
}

/** @throws EsteiraError `invalid-usage` for what is no number of a proposal */
function numbersOf(text: string | undefined, count: number): number[] {
  const parts = text === undefined ? [] : text.split(',').map((part) => part.trim())
  return parts.map((part) => {
    const number = Number(part)
    if (part !== '' && Number.isInteger(number) && number >= 1 && number <= count) return number
    throw new EsteiraError('invalid-usage', `"${part}" is no number of an addition.`, {
      found: part,
      allowed: count === 0 ? 'none: the data adds nothing' : `1 to ${count}`,
    })
  })
}

async function show(client: Client, name: string, choice: ProjectChoice) {
  const id = await projectOf(client, choice)
  const path = await schemaFileOf(client, id, name)
  const { text } = await client.call('readProjectFile', { params: { id }, query: { path } })
  const { problems } = await client.call('draftSchema', { params: { id }, body: { file: path, text, edits: [] } })
  return { file: path, text, problems }
}

interface CheckChoice extends ProjectChoice {
  readonly environment?: string
  readonly previous?: string
}

/** The exit code says whether a pipeline would stop here. */
async function check(line: CommandLine, dataset: string, choice: CheckChoice): Promise<void> {
  const { environment, previous } = choice
  const report = await withEngine(line, async ({ client }) => {
    const id = await projectOf(client, choice)
    const subject = { kind: 'dataset', dataset } as const
    const body = { subject, ...(environment && { environment }), ...(previous && { previous }) }
    return await client.call('validateData', { params: { id }, body })
  })
  line.answer(report, () => describeReport(report))
  if (!report.verdicts.schema.stop) return
  const { errors } = report.verdicts.schema
  const count = errors === 1 ? 'one error' : `${errors} errors`
  line.failed(toProblem(new EsteiraError('data-invalid', `The data has ${count}.`, { where: report.schemaFile })))
}

function describeReport({ anomalies, verdicts, rows, schemaFile }: ValidationReport): string {
  const found = anomalies.map(
    ({ type, severity, column, expected, found: seen }: AnomalyReport['anomalies'][number]) => [
      severity,
      column ?? '',
      type,
      expected,
      seen,
    ],
  )
  const { schema, values } = verdicts
  const moved = [...values.drifted, ...values.skewed].join(', ')
  const compared = values.compared === 0 ? 'not compared' : `${values.compared} columns compared, none moved`
  return [
    `${rows.toLocaleString('en')} rows against ${schemaFile}`,
    ...(found.length === 0 ? [] : [formatTable(['severity', 'column', 'anomaly', 'expected', 'found'], found)]),
    `schema: ${schema.stop ? 'STOP' : 'go on'} (${schema.errors} errors, ${schema.warnings} warnings)`,
    `values: ${values.retrain ? `RETRAIN (${moved})` : compared}`,
  ].join('\n')
}

function describeUpdate({ file, proposals, kept, accepted }: Updated): string {
  const stays = kept.map(({ words }) => `  ${words}`)
  if (proposals.length === 0) return [`The data adds nothing to ${file}.`, ...stays].join('\n')
  const numbered = proposals.map((proposal, index) => describeProposal(proposal, index + 1, accepted))
  const end =
    accepted.length === 0
      ? 'Nothing is written. Accept some with --accept 1,2 or all with --all.'
      : `Written: ${file}, ${accepted.length} of ${proposals.length}.`
  return [...numbered, ...stays, end].join('\n')
}

function describeProposal({ words, lines }: SchemaProposal, number: number, accepted: readonly number[]): string {
  const mark = accepted.includes(number) ? ' (accepted)' : ''
  return [`${number}. ${words}${mark}`, ...lines.split('\n').map((text) => `   + ${text}`)].join('\n')
}
