/** Data held against its schema as people work on it: drafts of schema files, reports with rows at fault, the ways out. */
import { type Anomaly, type AnomalyKey, type Comparison, isSameAnomaly } from '#shared/anomalies.ts'
import type {
  AcceptedAnomaly,
  SchemaDraft,
  SchemaProposals,
  ValidationReport,
  ValidationSubject,
} from '#shared/data.ts'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import type { Statistics } from '#shared/statistics.ts'
import { type AcceptanceContext, acceptanceEdits, acceptanceInWords } from '../data/accept.ts'
import { isRowAnomaly } from '../data/example-rows.ts'
import type { Explorer } from '../data/explorer.ts'
import { readProjectFile } from '../data/project-file.ts'
import { parseSchema, schemaText } from '../data/schema.ts'
import { checkSchema } from '../data/schema-check.ts'
import { draftSchema } from '../data/schema-draft.ts'
import { type InferenceOptions, inferSchema } from '../data/schema-inference.ts'
import { proposeSchema } from '../data/schema-proposals.ts'
import { knownEnvironment, validateData } from '../data/validate.ts'
import { type RowFacts, rowRules } from '../data/validation/row-rules.ts'
import { schemaAnomalies } from '../data/validation/schema-anomalies.ts'
import { timeColumnFor } from '../data/validation/time-column.ts'
import { verdictsOf } from '../data/validation/verdicts.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { editYaml } from '../kernel/yaml-edit.ts'
import type { Authoring } from '../pipelines/authoring.ts'
import { changeFile } from './changed-file.ts'
import { type Datasets, nearestOf, usualSchemaPath } from './datasets.ts'
import { quarantineEdits, quarantinePlaces } from './quarantine-places.ts'
import { type CheckedData, datasetToCheck, type StepRecords, stepToCheck } from './validation-subject.ts'

export interface ValidationParts extends StepRecords {
  readonly datasets: Datasets
  readonly explorer: Pick<Explorer, 'ask'>
  readonly files: Pick<Authoring, 'readFile' | 'writeFile' | 'draft'>
  readonly clock: Clock
}

export interface ValidationRequest {
  readonly subject: ValidationSubject
  readonly schemaFile?: string | undefined
  readonly environment?: string | undefined
  /** Datasets to compare with, in place of those that a step was given. */
  readonly previous?: string | undefined
  readonly counterpart?: string | undefined
}

export interface AcceptanceRequest extends ValidationRequest {
  readonly schemaFile: string
  readonly anomaly: AnomalyKey
}

/** The data and the schema, ready to be compared. */
interface Comparing extends AcceptanceContext {
  readonly data: CheckedData
  readonly schemaFile: string
  readonly anomalies: Anomaly[]
  readonly comparisons: Comparison[]
}

export class Validation {
  readonly #parts: ValidationParts

  constructor(parts: ValidationParts) {
    this.#parts = parts
  }

  async infer(
    projectId: string,
    dataset: string,
    options: InferenceOptions,
    signal: AbortSignal,
  ): Promise<{ file: string; text: string }> {
    const statistics = await this.#statistics(projectId, dataset, options.target, signal)
    return { file: usualSchemaPath(dataset), text: schemaText(inferSchema(statistics, options), statistics) }
  }

  /**
   * What inference would add to a schema that is there; to one that is not, all of it as one text.
   * @throws EsteiraError `schema-invalid`: what is wrong with the file is mended first
   */
  async propose(
    projectId: string,
    dataset: string,
    {
      file: wanted,
      text: given,
      ...options
    }: InferenceOptions & { file?: string | undefined; text?: string | undefined },
    signal: AbortSignal,
  ): Promise<SchemaProposals> {
    const statistics = await this.#statistics(projectId, dataset, options.target, signal)
    const file = wanted ?? (await this.#parts.datasets.schemaFile(projectId, dataset))
    if (file === null) throw noSchema(`dataset ${dataset}`)
    const stored = await this.#parts.files.readFile(projectId, file)
    const text = given ?? stored.text
    const proposals = proposeSchema(text, parseSchema(text, file), statistics, options)
    return { file, text, sha256: stored.sha256, ...proposals }
  }

  /** @throws EsteiraError `project-not-found`, and as `draftSchema` */
  async draft(
    projectId: string,
    { file, text, edits }: { file: string; text: string; edits: readonly YamlEdit[] },
  ): Promise<SchemaDraft> {
    await this.#parts.datasets.project(projectId)
    return draftSchema(text, file, edits)
  }

  /**
   * A schema file that is wrong itself is reported as such, in the names of its faults.
   * @throws EsteiraError `invalid-usage` for an environment that the schema does not know
   */
  async report(projectId: string, request: ValidationRequest, signal: AbortSignal): Promise<ValidationReport> {
    const comparing = await this.#compare(projectId, request, signal)
    const { data, schema, statistics, anomalies, comparisons, environment, schemaFile } = comparing
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
        acceptance: acceptanceInWords(anomaly, comparing),
        quarantinable: isRowAnomaly(anomaly, schema),
      })),
      verdicts: verdictsOf(anomalies, comparisons),
      comparisons,
      quarantine: await this.#places(projectId, request.subject, data, schemaFile),
    }
  }

  /**
   * Changes the schema file so that the anomaly is the new normal; commits it where nothing else of it was uncommitted.
   * @throws EsteiraError `conflict` where the data does not show the anomaly any more, or the file changed meanwhile
   */
  async accept(projectId: string, request: AcceptanceRequest, signal: AbortSignal): Promise<AcceptedAnomaly> {
    const { files, datasets } = this.#parts
    const { path: folder } = await datasets.project(projectId)
    const { schemaFile } = request
    return await changeFile(files, { projectId, folder, file: schemaFile }, async (before) => {
      const comparing = await this.#compare(projectId, request, signal, before)
      const anomaly = comparing.anomalies.find((one) => isSameAnomaly(one, request.anomaly))
      const edits = anomaly === undefined ? [] : acceptanceEdits(anomaly, comparing)
      if (anomaly === undefined || edits.length === 0) throw notReported(request)
      return { text: editYaml(before, edits), message: commitMessage(anomaly, schemaFile) }
    })
  }

  /**
   * Adds a `data/quarantine` step to a pipeline, between a table and all that read it.
   * @throws EsteiraError `conflict` where the pipeline has no such place, or puts rows aside there already
   */
  async quarantine(
    projectId: string,
    request: { pipeline: string; after: string; schemaFile: string; environment?: string | undefined },
  ): Promise<AcceptedAnomaly> {
    const { files, datasets } = this.#parts
    const { path: folder } = await datasets.project(projectId)
    const { pipeline, after, schemaFile } = request
    const steps = (await datasets.plans(projectId)).get(pipeline) ?? []
    const place = quarantinePlaces(pipeline, steps, { schemaFile }).find((one) => one.after === after)
    if (place === undefined || place.step !== null) throw noPlace(pipeline, after)
    return await changeFile(files, { projectId, folder, file: place.file }, async (text) => {
      const edits = quarantineEdits(steps, request)
      const draft = await files.draft(projectId, pipeline, { text, edits, parameters: {} })
      if (draft.problems.length > 0) throw noPlace(pipeline, after)
      return { text: draft.text, message: `Quarantine rows that break ${schemaFile} in ${place.file}` }
    })
  }

  async #statistics(projectId: string, dataset: string, target: string | undefined, signal: AbortSignal) {
    const statistics = await this.#parts.datasets.statistics(projectId, dataset, signal)
    const names = statistics.columns.map(({ name }) => name)
    if (target !== undefined && !names.includes(target)) throw unknownColumn(target, names)
    return statistics
  }

  /** @param text of the schema file where it was read already */
  async #compare(
    projectId: string,
    { subject, ...wanted }: ValidationRequest,
    signal: AbortSignal,
    text?: string,
  ): Promise<Comparing> {
    const { datasets, clock } = this.#parts
    const data = await this.#dataOf(projectId, subject, signal)
    const { path, spec } = await datasets.project(projectId)
    const schemaFile = wanted.schemaFile ?? data.schemaFile
    if (schemaFile === null) throw noSchema(data.words)
    const { statistics } = data
    const checked = checkSchema(text ?? (await readProjectFile(schemaFile, path)), schemaFile)
    if (checked.schema === null || checked.faults.length > 0) {
      const schema = checked.schema ?? parseSchema('columns: {}', schemaFile)
      const environment = schema.environments[0] ?? 'TRAINING'
      const anomalies = schemaAnomalies(checked.faults)
      return { data, schema, schemaFile, environment, statistics, anomalies, comparisons: [] }
    }
    const { schema } = checked
    const environment = knownEnvironment(schema, wanted.environment ?? data.environment)
    const reference = (name: string | undefined, given: Statistics | undefined) =>
      name === undefined ? given : datasets.statistics(projectId, name, signal)
    const found = validateData(statistics, schema, {
      environment,
      facts: await this.#facts(data, schema, environment, signal),
      previous: await reference(wanted.previous, data.previous),
      counterpart: await reference(wanted.counterpart, data.counterpart),
      nowMs: data.atMs ?? clock(),
      timeColumn: data.timeColumn ?? timeColumnFor(spec.datasets, schemaFile, statistics),
    })
    return { data, schema, schemaFile, environment, statistics, ...found }
  }

  async #dataOf(projectId: string, subject: ValidationSubject, signal: AbortSignal): Promise<CheckedData> {
    return subject.kind === 'dataset'
      ? await datasetToCheck(this.#parts.datasets, projectId, subject.dataset, signal)
      : await stepToCheck(this.#parts, this.#parts.datasets, projectId, subject)
  }

  async #facts(
    { source, statistics }: CheckedData,
    schema: DatasetSchema,
    environment: string,
    signal: AbortSignal,
  ): Promise<RowFacts | undefined> {
    const rules = rowRules(statistics, schema, environment)
    if (rules.length === 0) return {}
    return source === null ? undefined : await this.#parts.explorer.ask('rules', { source, rules }, signal)
  }

  async #examples({ source }: CheckedData, anomalies: Anomaly[], schema: DatasetSchema, signal: AbortSignal) {
    if (source === null || anomalies.length === 0) return []
    return await this.#parts.explorer.ask('examples', { source, anomalies, schema }, signal)
  }

  /** In the pipeline of the step, or in every pipeline that checks the dataset. */
  async #places(projectId: string, subject: ValidationSubject, data: CheckedData, schemaFile: string) {
    const plans = await this.#parts.datasets.plans(projectId)
    const dataset = subject.kind === 'dataset' ? subject.dataset : undefined
    return [...plans].flatMap(([pipeline, steps]) =>
      data.pipeline === undefined || data.pipeline === pipeline
        ? quarantinePlaces(pipeline, steps, { schemaFile, dataset })
        : [],
    )
  }
}

function commitMessage({ type, column, rule }: Anomaly, file: string): string {
  const what = [column, type === 'CUSTOM_VALIDATION' ? rule : undefined].filter((part) => part !== undefined)
  return `Accept ${type}${what.length === 0 ? '' : ` of ${what.join(': ')}`} in ${file}`
}

function notReported({ anomaly: { type, column }, schemaFile }: AcceptanceRequest): EsteiraError {
  const what = `${type}${column === undefined ? '' : ` of the column "${column}"`}`
  return new EsteiraError('conflict', `The data does not show ${what} against "${schemaFile}" any more.`, {
    where: schemaFile,
    next: 'Check the data again.',
  })
}

function noPlace(pipeline: string, after: string): EsteiraError {
  return new EsteiraError('conflict', `No step that puts rows aside can be added after "${after}" of "${pipeline}".`, {
    where: pipeline,
    found: after,
    next: 'Look at the pipeline: it may have changed, have problems, or put rows aside already.',
  })
}

function noSchema(words: string): EsteiraError {
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
