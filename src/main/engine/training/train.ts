/** From prepared rows to a model package. */
import type { Metrics, ModelManifest, Signature } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { loadBackend } from './backend.ts'
import { drawBackground } from './background.ts'
import type { Targets } from './encoded.ts'
import { metricsOf, selectRows } from './evaluate.ts'
import { type FitProgress, fitNetwork, type Sample } from './network/fit.ts'
import { createForward } from './network/forward.ts'
import { viewWeights } from './network/network.ts'
import type { ModelPackage } from './package.ts'
import { compilePreparation } from './preparation/apply.ts'
import type { Preparation } from './preparation/preparation.ts'
import { toPrediction } from './runtime.ts'
import { type KnownTargets, knownTargets } from './target.ts'
import type { TrainerOptions } from './trainers/index.ts'
import { linear } from './trainers/linear.ts'
import { neuralNetwork } from './trainers/neural-network.ts'
import type { ClassWeights, TrainingFacts, TrainingPlan } from './trainers/trainer.ts'

/** Rows with the inputs, the derived columns and the target. */
export interface LabelledRows {
  readonly batch: ColumnBatch
  readonly types: ReadonlyMap<string, ColumnType>
}

export interface TrainRequest {
  readonly preparation: Preparation
  readonly signature: Signature
  readonly training: LabelledRows
  /** Without a row, the training rows stand in and nothing stops the training early but their own loss. */
  readonly validation: LabelledRows
  readonly options: TrainerOptions
  /** Used where the options have none. */
  readonly seed: number
  readonly watch: FitProgress
}

export interface Trained {
  readonly model: ModelPackage
  readonly keptEpoch: number
  readonly epochsRun: number
}

/** Validation rows that the loss of an epoch is measured on, at most: enough to rank epochs, few enough to stay quick. */
const maxValidationRows = 30_000

interface KnownRows extends KnownTargets {
  readonly sample: Sample
}

/** Trains a model. Throws `target-unusable`, `training-failed`, or the signal's reason on abort. */
export async function train(request: TrainRequest): Promise<Trained> {
  const { preparation, signature, options, watch } = request
  checkClassWeights(options.classWeights, signature)
  const backend = await loadBackend()
  const training = encodeKnown(request, request.training)
  if (training.rows.length === 0) {
    throw new EsteiraError('target-unusable', `No training row has a value of the target "${signature.target}".`, {
      where: signature.target,
    })
  }
  const separate = encodeKnown(request, request.validation, maxValidationRows)
  const validation = separate.rows.length > 0 ? separate : training
  const { encoded } = training.sample
  const outputs = signature.task === 'multiclass' ? signature.classes.length : 1
  const plan = planFor(options, {
    rows: encoded.length,
    width: encoded.width,
    cardinalities: encoded.cardinalities,
    outputs,
  })
  const seed = options.seed ?? request.seed
  const fitted = await fitNetwork(
    backend.tf,
    plan.shape,
    signature.task,
    initialBias(signature, training.values),
    training.sample,
    validation.sample,
    { ...plan.fit, seed },
    watch,
  )
  const outputsOfBest = createForward(plan.shape, viewWeights(plan.shape, fitted.weights))(validation.sample.encoded)
  const manifest: ModelManifest = {
    formatVersion: 1,
    runtime: 'tfjs',
    trainer: options.trainer,
    signature,
    validationMetrics: {},
    trainedRows: encoded.length,
    environment: {
      esteira: esteiraVersion,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      backend: backend.description,
      seed,
    },
  }
  const validationMetrics: Metrics = metricsOf(
    signature.task,
    validation.values,
    toPrediction({ manifest, preparation }, outputsOfBest),
  )
  return {
    model: {
      manifest: { ...manifest, validationMetrics },
      preparation,
      shape: plan.shape,
      weights: fitted.weights,
      background: drawBackground(request.training.batch, signature, seed),
    },
    keptEpoch: fitted.epoch,
    epochsRun: fitted.epochsRun,
  }
}

function checkClassWeights(classWeights: ClassWeights, { classes, target }: Signature): void {
  const unknown =
    typeof classWeights === 'string' ? undefined : Object.keys(classWeights).find((label) => !classes.includes(label))
  if (unknown === undefined) return
  const nearest = nearestName(unknown, classes)
  throw new EsteiraError('parameter-invalid', `The target "${target}" has no class "${unknown}" to weigh.`, {
    where: 'classWeights',
    found: unknown,
    allowed: classes.join(', ') || 'none: the task is regression',
    ...(nearest !== undefined && { nearest }),
  })
}

function planFor(options: TrainerOptions, facts: TrainingFacts): TrainingPlan {
  return options.trainer === 'linear' ? linear.plan(options, facts) : neuralNetwork.plan(options, facts)
}

function encodeKnown(request: TrainRequest, rows: LabelledRows, maxRows = Number.POSITIVE_INFINITY): KnownRows {
  const { preparation, signature, options } = request
  const target = rows.batch.columns.get(signature.target)
  if (target === undefined) throw new Error(`The rows have no column "${signature.target}".`)
  const known = thinned(knownTargets(target, rows.types.get(signature.target) ?? 'text', signature.classes), maxRows)
  const encoded = compilePreparation(preparation)(selectRows(rows.batch, known.rows))
  const { mean, deviation } = preparation.target
  const values = Float32Array.from(known.values, (value) =>
    signature.task === 'regression' ? (value - mean) / deviation : value,
  )
  const targets: Targets = { values, weights: rowWeights(options.classWeights, signature, values) }
  return { ...known, sample: { encoded, targets } }
}

/** Every n-th row, so that the kept ones are spread evenly. */
function thinned(known: KnownTargets, maxRows: number): KnownTargets {
  const step = Math.ceil(known.rows.length / maxRows)
  if (step <= 1) return known
  return {
    rows: known.rows.filter((_, index) => index % step === 0),
    values: known.values.filter((_, index) => index % step === 0),
  }
}

/** `balanced`: rows / (classes × rows of the class), so that the mean weight is 1. */
function rowWeights(
  classWeights: ClassWeights,
  { classes, task }: Signature,
  values: Float32Array,
): Float32Array | undefined {
  if (classWeights === 'none' || task === 'regression') return undefined
  const counts = new Float64Array(classes.length)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  const weights = classes.map((label, index) =>
    classWeights === 'balanced'
      ? values.length / (classes.length * Math.max(1, counts[index] ?? 1))
      : (classWeights[label] ?? 1),
  )
  return values.map((value) => weights[value] ?? 1)
}

/** The outputs that predict the base rates, so that training does not have to learn them first. */
function initialBias({ task, classes }: Signature, values: Float64Array): number[] {
  if (task === 'regression') return [0]
  const rates = classes.map(
    (_, index) =>
      (values.reduce((sum, value) => sum + (value === index ? 1 : 0), 0) + 1) / (values.length + classes.length),
  )
  if (task === 'multiclass') return rates.map((rate) => Math.log(rate))
  const [negative = 0.5, positive = 0.5] = rates
  return [Math.log(positive / negative)]
}
