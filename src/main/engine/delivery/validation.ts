/** Data held against its schema as people work on it: drafts of schema files, reports with rows at fault, acceptance. */
import type { Anomaly } from '#shared/anomalies.ts'
import type { AcceptedAnomaly, SchemaDraft, ValidationReport, ValidationSubject } from '#shared/data.ts'
import type { CommitInfo, YamlEdit } from '#shared/pipelines.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import { type AcceptanceContext, acceptanceEdits, acceptanceInWords } from '../data/accept.ts'
import type { Explorer } from '../data/explorer.ts'
import { readProjectFile } from '../data/project-file.ts'
import { inferSchema, parseSchema, schemaText } from '../data/schema.ts'
import { draftSchema } from '../data/schema-draft.ts'
import { validateStatistics } from '../data/validate.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { editYaml } from '../kernel/yaml-edit.ts'
import type { Authoring } from '../pipelines/authoring.ts'
import { commitFiles, readProjectGit } from '../pipelines/project-git.ts'
import { type Datasets, nearestOf, usualSchemaPath } from './datasets.ts'
import { type CheckedData, datasetToCheck, type StepRecords, stepToCheck } from './validation-subject.ts'

export interface ValidationParts extends StepRecords {
  readonly datasets: Datasets
  readonly explorer: Pick<Explorer, 'ask'>
  readonly files: Pick<Authoring, 'readFile' | 'writeFile'>
}

export interface ValidationRequest {
  readonly subject: ValidationSubject
  readonly schemaFile?: string | undefined
  readonly environment?: string | undefined
}

export interface AcceptanceRequest extends ValidationRequest {
  readonly schemaFile: string
  readonly anomaly: Pick<Anomaly, 'type'> & { readonly column?: string | undefined }
}

/** The data and the schema, ready to be compared. */
interface Comparison extends AcceptanceContext {
  readonly data: CheckedData
  readonly schemaFile: string
  readonly anomalies: Anomaly[]
}

export class Validation {
  readonly #parts: ValidationParts

  constructor(parts: ValidationParts) {
    this.#parts = parts
  }

  async infer(
    projectId: string,
    dataset: string,
    target: string | undefined,
    signal: AbortSignal,
  ): Promise<{ file: string; text: string }> {
    const statistics = await this.#parts.datasets.statistics(projectId, dataset, signal)
    const names = statistics.columns.map(({ name }) => name)
    if (target !== undefined && !names.includes(target)) throw unknownColumn(target, names)
    return { file: usualSchemaPath(dataset), text: schemaText(inferSchema(statistics, { target }), statistics) }
  }

  /** @throws EsteiraError `project-not-found`, and as `draftSchema` */
  async draft(
    projectId: string,
    { file, text, edits }: { file: string; text: string; edits: readonly YamlEdit[] },
  ): Promise<SchemaDraft> {
    await this.#parts.datasets.project(projectId)
    return draftSchema(text, file, edits)
  }

  /** @throws EsteiraError `schema-invalid`, `invalid-usage` for an environment that the schema does not know */
  async report(projectId: string, request: ValidationRequest, signal: AbortSignal): Promise<ValidationReport> {
    const comparison = await this.#compare(projectId, request, signal)
    const { data, schema, statistics, anomalies, environment, schemaFile } = comparison
    const rows = await this.#examples(data, anomalies, schema, signal)
    return {
      subject: data.words,
      schemaFile,
      environment,
      environments: schema.environments,
      rows: statistics.rows,
      anomalies: anomalies.map((anomaly, index) => ({
        ...anomaly,
        rows: rows[index] ?? null,
        acceptance: acceptanceInWords(anomaly, comparison),
      })),
    }
  }

  /**
   * Changes the schema file so that the anomaly is the new normal; commits it where nothing else of it was uncommitted.
   * @throws EsteiraError `conflict` where the data does not show the anomaly any more, or the file changed meanwhile
   */
  async accept(projectId: string, request: AcceptanceRequest, signal: AbortSignal): Promise<AcceptedAnomaly> {
    const { files, datasets } = this.#parts
    const { path } = await datasets.project(projectId)
    const wasClean = await isClean(path, request.schemaFile)
    const { text: before, sha256: expected } = await files.readFile(projectId, request.schemaFile)
    const comparison = await this.#compare(projectId, request, signal, before)
    const { type, column } = request.anomaly
    const anomaly = comparison.anomalies.find((one) => one.type === type && one.column === column)
    const edits = anomaly === undefined ? [] : acceptanceEdits(anomaly, comparison)
    if (anomaly === undefined || edits.length === 0) throw notReported(request)
    const after = editYaml(before, edits)
    const written = await files.writeFile(projectId, { path: request.schemaFile, text: after, expected })
    const message = commitMessage(anomaly, request.schemaFile)
    const committed = await commitIfClean(path, request.schemaFile, message, wasClean)
    return { file: request.schemaFile, before, after, sha256: written.sha256, ...committed }
  }

  /** @param text of the schema file where it was read already */
  async #compare(
    projectId: string,
    { subject, ...wanted }: ValidationRequest,
    signal: AbortSignal,
    text?: string,
  ): Promise<Comparison> {
    const data = await this.#dataOf(projectId, subject, signal)
    const { path } = await this.#parts.datasets.project(projectId)
    const schemaFile = wanted.schemaFile ?? data.schemaFile
    if (schemaFile === null) throw noSchema(data)
    const schema = parseSchema(text ?? (await readProjectFile(schemaFile, path)), schemaFile)
    const environment = wanted.environment ?? data.environment ?? schema.environments[0] ?? 'TRAINING'
    const { statistics } = data
    const anomalies = validateStatistics(statistics, schema, { environment })
    return { data, schema, schemaFile, environment, statistics, anomalies }
  }

  async #dataOf(projectId: string, subject: ValidationSubject, signal: AbortSignal): Promise<CheckedData> {
    return subject.kind === 'dataset'
      ? await datasetToCheck(this.#parts.datasets, projectId, subject.dataset, signal)
      : await stepToCheck(this.#parts, this.#parts.datasets, projectId, subject)
  }

  async #examples({ source }: CheckedData, anomalies: Anomaly[], schema: DatasetSchema, signal: AbortSignal) {
    if (source === null || anomalies.length === 0) return []
    return await this.#parts.explorer.ask('examples', { source, anomalies, schema }, signal)
  }
}

function commitMessage({ type, column }: Anomaly, file: string): string {
  return `Accept ${type}${column === undefined ? '' : ` of ${column}`} in ${file}`
}

/** Whether the file has no uncommitted changes of its own; undefined outside a repository. */
async function isClean(folder: string, file: string): Promise<boolean | undefined> {
  const { repository, changed } = await readProjectGit(folder)
  return repository ? !changed.includes(file) : undefined
}

async function commitIfClean(
  folder: string,
  file: string,
  message: string,
  wasClean: boolean | undefined,
): Promise<{ commit: CommitInfo | null; note: string | null }> {
  if (wasClean === undefined) return { commit: null, note: 'The project folder is not under git.' }
  if (!wasClean) return { commit: null, note: `The file "${file}" held other changes that were not committed.` }
  try {
    return { commit: await commitFiles(folder, [file], message), note: null }
  } catch (error) {
    // The file is changed as asked; that git refuses is worth a word, not a failure.
    if (!(error instanceof EsteiraError)) throw error
    const said = error.context.found === undefined ? '' : ` ${error.context.found}`
    return { commit: null, note: `${error.message}${said}` }
  }
}

function notReported({ anomaly: { type, column }, schemaFile }: AcceptanceRequest): EsteiraError {
  const what = `${type}${column === undefined ? '' : ` of the column "${column}"`}`
  return new EsteiraError('conflict', `The data does not show ${what} against "${schemaFile}" any more.`, {
    where: schemaFile,
    next: 'Check the data again.',
  })
}

function noSchema({ words }: CheckedData): EsteiraError {
  return new EsteiraError('not-found', `There is no schema file for the ${words}.`, {
    where: 'schemas',
    next: 'Make one from what the data shows, or name the file.',
  })
}

function unknownColumn(target: string, names: readonly string[]): EsteiraError {
  return new EsteiraError('column-not-found', `The dataset has no column "${target}".`, {
    found: target,
    allowed: names.join(', '),
    ...nearestOf(target, names),
  })
}
