/** What the explorer thread does. Whatever is not Parquet already is read through a Parquet copy, made on first use. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DataFilePreview, TablePage } from '#shared/data.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { parquetSource, quoteIdentifier, type RowWindow, type Tables, withTables } from '../tables/duckdb.ts'
import { describeDialect } from './csv-dialect.ts'
import { openDataset } from './dataset.ts'
import { type DatasetFormat, datasetFiles, datasetFormat } from './dataset-files.ts'
import { findExamples } from './example-rows.ts'
import type { DatasetRequest, ExplorerQuestion, ExplorerSettings, ExplorerTasks, RowSource } from './explorer-tasks.ts'
import { sketchUnit, sketchUnits } from './sketches/units.ts'
import { driftHistory, windowDrift } from './sketches/windows.ts'
import { computeStatistics } from './statistics.ts'
import { TableCache } from './table-cache.ts'
import { answerRules } from './validation/row-facts.ts'

/** Part of the name of everything in the cache: another number when what is written there changes its form. */
const cacheVersion = 2
/** A smaller file is copied before its first page is shown. */
const quickBytes = 8 * 1024 * 1024
/** To rows further on, the way through a CSV file takes longer than to wait for its copy. */
const maxDirectOffset = 100_000
/** Single rows of a copy are found quickly even where there are hundreds of columns. */
const copyRowGroupRows = 16_384

/** The files of a dataset as they are now. */
interface DatasetState {
  readonly files: readonly string[]
  readonly format: DatasetFormat
  readonly bytes: number
  /** Differs when the files, or how they are read, differ. */
  readonly key: string
  /** Parquet that needs no query is read where it lies. */
  readonly isPlainParquet: boolean
}

/** A relation over Parquet files and the files themselves. */
interface Source {
  readonly relation: string
  readonly files: readonly string[]
}

export class Exploration {
  readonly #settings: ExplorerSettings
  readonly #cache: TableCache
  /** Rows of large CSV files, by their key, as counted before there was a copy. */
  readonly #totals = new Map<string, number>()
  /** For what belongs to no single question. */
  readonly #closing = new AbortController()
  readonly #copying = new Set<Promise<unknown>>()
  #ready: Promise<void> | undefined

  constructor(settings: ExplorerSettings) {
    this.#settings = settings
    this.#cache = new TableCache({ folder: settings.cachePath, maxBytes: settings.cacheBytes })
  }

  /** @throws EsteiraError as `openDataset` and `Tables` do; the signal's reason when it aborts */
  async perform({ task, input }: ExplorerQuestion, signal: AbortSignal): Promise<unknown> {
    this.#ready ??= this.#cache.open()
    await this.#ready
    switch (task) {
      case 'rows':
        return await this.#rows(input, input, signal)
      case 'parquetRows':
        return await this.#page(parquetRelation([input.path]), input, signal)
      case 'sql':
        return await this.#sql(input, signal)
      case 'statistics':
        return await this.#statistics(input, signal)
      case 'rules':
        return await this.#rules(input, signal)
      case 'examples':
        return await this.#examples(input, signal)
      case 'preview':
        return await this.#preview(input.path, input, signal)
      case 'sketchUnits':
        return await sketchUnits(input)
      case 'sketch':
        return await sketchUnit(input, input.unit, { ...this.#settings, signal })
      case 'windowDrift':
        return windowDrift(input)
      case 'driftHistory':
        return driftHistory(input)
    }
  }

  /** Interrupts what goes on without a question, and waits for it. */
  async close(reason: EsteiraError): Promise<void> {
    this.#closing.abort(reason)
    await Promise.allSettled([...this.#copying])
  }

  async #rows(request: DatasetRequest, window: RowWindow, signal: AbortSignal): Promise<TablePage> {
    const state = await datasetState(request)
    const isLargeCsv = state.format === 'csv' && state.bytes > quickBytes && request.spec.query === undefined
    if (isLargeCsv && window.offset < maxDirectOffset && (await this.#cache.find(copyName(state))) === undefined) {
      const page = await this.#quickPage(request, state, window, signal)
      // Whoever looks at some rows will ask for the next ones.
      void this.#source(request, state).catch(() => undefined)
      if (page !== undefined) return page
    }
    return await this.#page(await abortable(this.#source(request, state), signal), window, signal)
  }

  /** Rows of a large CSV file, read directly; undefined where only a close look shows how it is to be read. */
  async #quickPage(
    { spec, folder }: DatasetRequest,
    { key }: DatasetState,
    { offset, limit }: RowWindow,
    signal: AbortSignal,
  ): Promise<TablePage | undefined> {
    return await this.#withScratch((scratchPath) =>
      this.#tables(signal, async (tables) => {
        await openDataset(tables, spec, folder, { scratchPath, care: 'first-rows' })
        const page = await tables.page(`from source limit ${limit} offset ${offset}`, { offset: 0, limit })
        const total = this.#totals.get(key) ?? (await tables.count('source'))
        this.#totals.set(key, total)
        return { ...page, offset, total }
      }),
    ).catch((error: unknown) => {
      if (error instanceof EsteiraError && error.code === 'dataset-unreadable') return undefined
      throw error
    })
  }

  async #page({ relation }: Source, window: RowWindow, signal: AbortSignal): Promise<TablePage> {
    return await this.#tables(signal, (tables) => tables.pageOf(relation, window))
  }

  async #sql(
    { sql, folder, datasets, offset, limit }: ExplorerTasks['sql']['input'],
    signal: AbortSignal,
  ): Promise<ExplorerTasks['sql']['output']> {
    const sources = new Map<string, Source>()
    const failures: unknown[] = []
    for (const [name, spec] of Object.entries(datasets)) {
      // A dataset that the text does not name is not read; one that cannot be read matters only where it is really used.
      if (!sql.toLowerCase().includes(name.toLowerCase())) continue
      const request = { spec, folder }
      const source = abortable(
        datasetState(request).then((state) => this.#source(request, state)),
        signal,
      )
      await source.then((found) => sources.set(name, found)).catch((error: unknown) => failures.push(error))
    }
    return await this.#tables(signal, async (tables) => {
      for (const [name, { relation }] of sources) {
        await tables.run(`create or replace view ${quoteIdentifier(name)} as from ${relation}`)
      }
      await tables.restrict({ files: [...sources.values()].flatMap(({ files }) => files) })
      await tables.checkQuery(sql)
      const started = performance.now()
      try {
        return { ...(await tables.page(sql, { offset, limit })), elapsedMs: performance.now() - started }
      } catch (error) {
        throw failures[0] ?? error
      }
    })
  }

  async #statistics(request: DatasetRequest, signal: AbortSignal): Promise<Statistics> {
    const state = await datasetState(request)
    const name = `${state.key}.statistics.json`
    const known = await this.#cache.find(name)
    if (known !== undefined) return statisticsSchema.parse(JSON.parse(await readFile(known, 'utf8')))
    const { relation } = await abortable(this.#source(request, state), signal)
    const statistics = await this.#tables(signal, (tables) => computeStatistics(tables, `from ${relation}`))
    await this.#cache.file(name, (path) => writeFile(path, JSON.stringify(statistics)))
    return statistics
  }

  async #rules(
    { source, rules }: ExplorerTasks['rules']['input'],
    signal: AbortSignal,
  ): Promise<ExplorerTasks['rules']['output']> {
    const { files } = await abortable(this.#sourceOf(source), signal)
    return await this.#tables(signal, async (tables) => {
      await tables.restrict({ files })
      return await answerRules(tables, files, rules)
    })
  }

  async #examples(
    { source, anomalies, schema }: ExplorerTasks['examples']['input'],
    signal: AbortSignal,
  ): Promise<ExplorerTasks['examples']['output']> {
    const { files } = await abortable(this.#sourceOf(source), signal)
    return await this.#tables(signal, async (tables) => {
      await tables.restrict({ files })
      return await findExamples(tables, files, anomalies, schema)
    })
  }

  async #preview(path: string, window: RowWindow, signal: AbortSignal): Promise<DataFilePreview> {
    const request = { spec: { path: basename(path) }, folder: dirname(path) }
    const state = await datasetState(request)
    const page = await this.#rows(request, window, signal)
    const csv = state.format === 'csv' ? await this.#dialect(state, signal) : undefined
    const spec = { ...request.spec, format: state.format, ...(csv !== undefined && { csv }) }
    return { path, bytes: state.bytes, spec, page }
  }

  async #dialect({ files }: DatasetState, signal: AbortSignal): Promise<DataFilePreview['spec']['csv']> {
    const [file = ''] = files
    return await this.#withScratch((scratchPath) =>
      this.#tables(signal, (tables) => describeDialect(tables, file, scratchPath)),
    )
  }

  async #sourceOf(source: RowSource): Promise<Source> {
    return 'parquet' in source
      ? parquetRelation([source.parquet])
      : await this.#source(source, await datasetState(source))
  }

  /** Where the rows can be read: the files themselves, or the copy, made now if it is missing. */
  async #source(request: DatasetRequest, state: DatasetState): Promise<Source> {
    if (state.isPlainParquet) return parquetRelation(state.files)
    const copying = this.#cache.file(copyName(state), (path) => this.#copy(request, state, path))
    this.#copying.add(copying)
    try {
      return parquetRelation([await copying])
    } finally {
      this.#copying.delete(copying)
    }
  }

  /** Belongs to no single question: it goes on when the one that began it is cancelled. */
  async #copy(request: DatasetRequest, state: DatasetState, path: string): Promise<void> {
    // Writing reads every value, which a look beforehand would do as well: it is only needed where writing fails.
    await this.#write(request, path, 'unverified').catch(async (error: unknown) => {
      const isOfCsv = state.format === 'csv' && error instanceof EsteiraError && error.code !== 'cancelled'
      if (!isOfCsv) throw error
      await this.#write(request, path, 'verified')
    })
    if ((await datasetState(request)).key === state.key) return
    throw new EsteiraError('conflict', 'The files of the dataset changed while they were read.', {
      where: request.spec.path,
      next: 'Try again when nothing writes to them.',
    })
  }

  async #write(request: DatasetRequest, path: string, care: 'verified' | 'unverified'): Promise<void> {
    const { spec, folder } = request
    await this.#withScratch((scratchPath) =>
      this.#tables(this.#closing.signal, async (tables) => {
        const opened = await openDataset(tables, spec, folder, { scratchPath, care, allow: { files: [path] } })
        await tables.writeParquet(opened.query, path, { rowGroupRows: copyRowGroupRows }).catch((error: unknown) => {
          throw opened.describeError(error)
        })
      }),
    )
  }

  #tables<T>(signal: AbortSignal, work: (tables: Tables) => Promise<T>): Promise<T> {
    const { memoryLimitMb, scratchPath } = this.#settings
    return withTables(work, { signal, memoryLimitMb, tempPath: join(scratchPath, `spill-${crypto.randomUUID()}`) })
  }

  async #withScratch<T>(work: (scratchPath: string) => Promise<T>): Promise<T> {
    const scratchPath = await mkdtemp(join(this.#settings.scratchPath, 'copy-'))
    try {
      return await work(scratchPath)
    } finally {
      await rm(scratchPath, { recursive: true, force: true })
    }
  }
}

function copyName({ key }: DatasetState): string {
  return `${key}.parquet`
}

function parquetRelation(files: readonly string[]): Source {
  const [only] = files
  return { relation: parquetSource(files.length === 1 && only !== undefined ? only : files), files }
}

async function datasetState({ spec, folder }: DatasetRequest): Promise<DatasetState> {
  const files = await datasetFiles(spec, folder)
  const format = await datasetFormat(spec, files)
  const infos = await Promise.all(files.map(async (path) => ({ path, ...identity(await stat(path)) })))
  const { description: _, ...read } = spec
  return {
    files,
    format,
    bytes: infos.reduce((sum, { size }) => sum + size, 0),
    key: hashJson({ cacheVersion, read, infos }).slice(0, 40),
    isPlainParquet: format === 'parquet' && spec.query === undefined,
  }
}

function identity({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }) {
  return { size, mtimeMs, ino }
}

/** Waits no longer than the signal allows; what is waited for goes on. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
