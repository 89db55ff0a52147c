/** A loaded model that answers, or is about to answer, at an endpoint. */
import type { Signature, SignatureInput } from '#shared/models.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { atOnce, inTurns, type Steps } from '../kernel/turns.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import type { LoadedModel } from '../training/runtime.ts'
import type { FeatureFiller, FilledRows } from './feature-filler.ts'
import type { LongText } from './long-text.ts'
import { checkDeadline, MicroBatcher } from './micro-batcher.ts'
import { outputsOf, outputWidth, rowWithoutNumber } from './outputs.ts'
import { type PlainEncoder, plainEncoder } from './plain-form.ts'

/** What the engine asks to be loaded. */
export interface ModelToServe {
  readonly model: string
  readonly version: number
  /** The files of the model package: name to absolute path. */
  readonly files: ReadonlyMap<string, string>
  /** Whose feature views fill missing inputs. Left out: nothing is filled. */
  readonly projectId?: string
}

/** The training code that serving runs too, so that there is no skew between the two. */
export interface ModelRuntime {
  loadModel(files: ReadonlyMap<string, string>): Promise<LoadedModel>
  checkRows(signature: Signature, rows: readonly unknown[]): Steps<ColumnBatch>
  /** What fills missing inputs of the model; undefined where nothing does. */
  openFiller?(source: ModelToServe, signature: Signature): Promise<FeatureFiller | undefined>
}

/** What the thread wants to know of a model while it answers. */
export interface ModelWatch {
  /** Called around each call of the model. */
  readonly enter: () => void
  readonly leave: () => void
  /** Told once that the model itself fails, whatever it is asked. */
  readonly onFault: (message: string) => void
}
const unwatched: ModelWatch = { enter: () => {}, leave: () => {}, onFault: () => {} }

/** Sizes of the calls that make a new model's first real answers as quick as the later ones. */
const warmUpRows = [1, 2, 16, 1]

export class LiveModel {
  readonly model: string
  readonly version: number
  readonly signature: Signature
  readonly projectId: string
  readonly #filler: FeatureFiller | undefined
  /** As rows are checked against it: what the feature store fills may be missing. */
  readonly #accepted: Signature
  readonly #loaded: LoadedModel
  readonly #runtime: ModelRuntime
  readonly #batcher: MicroBatcher
  readonly #width: number
  readonly #watch: ModelWatch
  #faultTold = false
  #uses = 0
  #whenUnused: (() => void)[] = []
  #revision = 0
  #encoder: PlainEncoder

  private constructor(source: ModelToServe, { loaded, runtime, filler, watch }: Parts) {
    this.projectId = source.projectId ?? ''
    this.#filler = filler
    this.model = source.model
    this.version = source.version
    this.signature = loaded.manifest.signature
    this.#accepted = withOptional(this.signature, filler?.columns ?? [])
    this.#loaded = loaded
    this.#runtime = runtime
    this.#width = outputWidth(this.signature)
    this.#watch = watch
    this.#batcher = new MicroBatcher((batch) => this.#run(batch), this.#width)
    this.#encoder = plainEncoder({ ...source, revision: 0 }, this.signature)
  }

  /** Loads a model package and runs it on made-up rows. @throws EsteiraError `model-unusable` */
  static async load(source: ModelToServe, runtime: ModelRuntime, watch = unwatched): Promise<LiveModel> {
    const loaded = await runtime.loadModel(source.files)
    const filler = await runtime.openFiller?.(source, loaded.manifest.signature)
    const live = new LiveModel(source, { loaded, runtime, filler, watch })
    try {
      for (const count of warmUpRows) {
        await live.predict(Array.from({ length: count }, () => exampleRow(live.signature.inputs)))
      }
      return live
    } catch (error) {
      live.#loaded.dispose()
      const reason = error instanceof Error ? error.message : String(error)
      throw new EsteiraError(
        'model-unusable',
        `Version ${source.version} of "${source.model}" cannot predict: ${reason}`,
        {
          where: `${source.model}/${source.version}`,
          cause: error,
        },
      )
    }
  }

  /** As the protocol writes it: `tensorflow_tfjs` or `onnx_onnxv1`. */
  get platform(): string {
    return this.#loaded.manifest.runtime === 'onnx' ? 'onnx_onnxv1' : 'tensorflow_tfjs'
  }

  get revision(): number {
    return this.#revision
  }

  /** Called once, when the model starts to answer. */
  becomeRevision(revision: number): void {
    this.#revision = revision
    this.#encoder = plainEncoder({ model: this.model, version: this.version, revision }, this.signature)
  }

  /**
   * One output per class and row, or one per row, row-major; all finite.
   * @throws EsteiraError `input-invalid` with every problem of the rows, `overloaded`
   */
  predict(rows: readonly unknown[]): Promise<Float64Array> {
    return this.predictBatch(atOnce(this.#check(rows)))
  }

  /**
   * Fills what the rows leave out from the online store, checks them, and asks the model; many rows in turns with others.
   * @param deadline by `performance.now()`: see `MicroBatcher.submit`
   * @throws EsteiraError `input-invalid` with every problem of the rows, and as `predictBatch`
   */
  answer(rows: readonly unknown[], deadline = Number.POSITIVE_INFINITY): Promise<RowsAnswer> {
    const check = () => checkDeadline(deadline)
    return this.use(async () => {
      const filled = this.#filler && (await inTurns(this.#filler.fill(rows, Date.now()), check))
      const batch = await inTurns(this.#check(filled?.rows ?? rows), check)
      return { batch, filled, outputs: await this.predictBatch(batch, deadline) }
    })
  }

  /** The model is not freed before `work` is done, which may take many turns. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#uses++
    try {
      return await work()
    } finally {
      if (--this.#uses === 0) for (const resolve of this.#whenUnused.splice(0)) resolve()
    }
  }

  #check(rows: readonly unknown[]): Steps<ColumnBatch> {
    return this.#runtime.checkRows(this.#accepted, rows)
  }

  /**
   * @param deadline by `performance.now()`: see `MicroBatcher.submit`
   * @throws EsteiraError `input-invalid`, `model-failed`, `overloaded`, `deadline-passed`
   */
  async predictBatch(batch: ColumnBatch, deadline?: number): Promise<Float64Array> {
    const outputs = await this.#batcher.submit(batch, deadline)
    const row = rowWithoutNumber(outputs, this.#width)
    if (row === undefined) return outputs
    throw (await this.#isBroken()) ? this.#fault('It gives no finite number, whatever it is asked.') : tooExtreme(row)
  }

  async #run(batch: ColumnBatch): Promise<Float64Array> {
    this.#watch.enter()
    try {
      return outputsOf(await this.#loaded.predict(batch))
    } catch (error) {
      if (error instanceof EsteiraError) throw error
      throw this.#fault(error instanceof Error ? error.message : String(error), error)
    } finally {
      this.#watch.leave()
    }
  }

  /** Whether the row that it was warmed up with has no finite output any more. */
  async #isBroken(): Promise<boolean> {
    const outputs = await this.#batcher.submit(atOnce(this.#check([exampleRow(this.signature.inputs)])))
    return rowWithoutNumber(outputs, this.#width) !== undefined
  }

  #fault(found: string, cause?: unknown): EsteiraError {
    const name = `Version ${this.version} of "${this.model}"`
    if (!this.#faultTold) this.#watch.onFault(`${name} gives no usable answer: ${found}`)
    this.#faultTold = true
    return new EsteiraError('model-failed', `${name} gives no usable answer.`, {
      where: `${this.model}/${this.version}`,
      found,
      next: 'Roll the endpoint back, or deploy another version.',
      cause,
    })
  }

  /** Some training rows; undefined where the package holds none. */
  get background(): ColumnBatch | undefined {
    return this.#loaded.background
  }

  /** Adds the answer in the plain form, but for its last brace. */
  encodePlain(outputs: Float64Array, body: LongText): Steps<void> {
    return this.#encoder.encode(outputs, body)
  }

  get waitingRequests(): number {
    return this.#batcher.waitingRequests
  }

  /** Frees the model once the requests it already has are answered. */
  async retire(): Promise<void> {
    if (this.#uses > 0) await new Promise<void>((resolve) => this.#whenUnused.push(resolve))
    await this.#batcher.idle()
    this.#loaded.dispose()
  }
}

/** What became of rows. */
export interface RowsAnswer {
  /** As the model took them. */
  readonly batch: ColumnBatch
  readonly outputs: Float64Array
  /** Undefined where the model has no features to fill. */
  readonly filled: FilledRows | undefined
}

interface Parts {
  readonly loaded: LoadedModel
  readonly runtime: ModelRuntime
  readonly filler: FeatureFiller | undefined
  readonly watch: ModelWatch
}

/** An input can be finite and still so far from the training data that the model overflows. */
function tooExtreme(row: number): EsteiraError {
  return new EsteiraError('input-invalid', 'The model gives no finite number for a row: its values are too extreme.', {
    where: `rows[${row}]`,
    next: 'Check the magnitude of the numbers in this row against the training data.',
  })
}

function withOptional(signature: Signature, names: readonly string[]): Signature {
  if (names.length === 0) return signature
  const inputs = signature.inputs.map((input) => (names.includes(input.name) ? { ...input, required: false } : input))
  return { ...signature, inputs }
}

/** A row that any model with these inputs must be able to take. */
function exampleRow(inputs: readonly SignatureInput[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map((input) => [input.name, exampleValue(input)]))
}

function exampleValue({ type, examples }: SignatureInput): unknown {
  if (type === 'text') return examples?.[0] ?? 'example'
  if (type === 'boolean') return false
  return 0
}
