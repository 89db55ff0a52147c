/**
 * The contract that every step implementation satisfies: built-in components, project components and scripts alike.
 * A component runs in a worker thread; it sees the engine only through its context.
 */
import type { z } from 'zod'
import type { Approval } from '#shared/approvals.ts'
import type { DeploymentFigures, Verdict } from '#shared/gate.ts'
import type { Importance, ModelVersion, Revision, Signature } from '#shared/models.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import type { RolloutSpec } from '#shared/rollout.ts'
import type { ArtifactType, Json, LogLine } from '#shared/runs.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import { EsteiraError } from '../kernel/errors.ts'

export interface ComponentInput {
  /** The artifact types that this input accepts. */
  readonly types: readonly ArtifactType[]
  readonly summary: string
  readonly optional?: boolean
  /** Accepts the outputs of several steps, e.g. all of a fan-out. */
  readonly many?: boolean
}

export interface ComponentOutput {
  readonly type: ArtifactType
  readonly summary: string
}

export interface Component<Options extends z.ZodType = z.ZodType> {
  /** What `uses` says, e.g. `data/extract`. */
  readonly name: string
  /** Part of the cache key: raise it when the same inputs and options would give another result. */
  readonly version: string
  readonly summary: string
  readonly inputs: Readonly<Record<string, ComponentInput>>
  readonly outputs: Readonly<Record<string, ComponentOutput>>
  readonly options: Options
  /** False for steps that read or change state outside their inputs, such as the registry or the time: they always run. */
  readonly cacheable: boolean | ((options: z.output<Options>, project: StepProject) => boolean | Promise<boolean>)
  /** Files outside the artifact store whose content decides the result, as absolute paths. Part of the cache key. */
  sources?(options: z.output<Options>, project: StepProject): Promise<readonly string[]>
  /** What the options name beside files and inputs, for lineage. */
  references?(options: z.output<Options>): readonly StepReference[]
  run(context: StepContext<z.output<Options>>): Promise<void>
}

/** Something with a name that a step reads or changes. */
export interface StepReference {
  readonly kind: 'dataset' | 'feature-view' | 'model'
  readonly name: string
}

/** Keeps the option type of a component while it is declared. */
export function defineComponent<Options extends z.ZodType>(component: Component<Options>): Component<Options> {
  return component
}

export interface StepProject {
  readonly id: string
  readonly name: string
  /** Absolute path of the project folder. */
  readonly path: string
  readonly datasets: Readonly<Record<string, DatasetSpec>>
}

/** An input artifact. Its files are read-only and already verified against their hashes. */
export interface InputArtifact {
  readonly type: ArtifactType
  readonly hash: string
  /** The step that made it. */
  readonly step: string
  /** File name in the artifact to absolute path on disk. The path has no file extension. */
  readonly files: ReadonlyMap<string, string>
}

export interface OutputArtifact {
  /** The absolute path at which to write a new file of this artifact. Use plain file names, without folders. */
  path(fileName: string): string
  /** Takes a file over from an input without copying it. */
  link(fileName: string, from: InputArtifact, fromFileName?: string): void
}

export interface StepContext<Options> {
  readonly options: Options
  readonly project: StepProject
  readonly run: { readonly id: string; readonly pipeline: string; readonly step: string }
  readonly seed: number
  /** Aborts on cancel and on the time limit. Long work checks it often and rejects with its reason. */
  readonly signal: AbortSignal
  /** An empty folder for temporary files, removed afterwards. */
  readonly scratchPath: string
  /** A declared, required input. */
  input(name: string): InputArtifact
  optionalInput(name: string): InputArtifact | undefined
  /** The inputs of a `many` input, in the order of the file. */
  inputs(name: string): readonly InputArtifact[]
  output(name: string): OutputArtifact
  log(text: string, level?: LogLine['level']): void
  /** `fraction` from 0 to 1. */
  progress(fraction: number, message?: string): void
  /** One point of a series, such as the loss at an epoch. */
  metric(name: string, index: number, value: number): void
  /** A small named result, shown with the step and readable in `when`. */
  value(name: string, value: Json): void
  readonly services: StepServices
}

/** Which step of which run asks. */
export interface StepIdentity {
  readonly projectId: string
  readonly runId: string
  readonly step: string
}

/** What a step may ask of the engine. Every call is one transaction there, and safe to repeat after a crash. */
export interface StepServices {
  /** The version that `model@alias` or `model/version` names, with its package files; undefined if there is none. */
  resolveModel(reference: string): Promise<ResolvedModel | undefined>
  registerVersion(request: RegisterVersionRequest): Promise<ModelVersion>
  /** `verdictHash`: the artifact that the move rests on, for the ledger. */
  moveAlias(request: {
    model: string
    alias: string
    version: number
    reason: string
    verdictHash?: string | undefined
  }): Promise<void>
  /** Asks a person whether the alias may move to the version. The same version asked about again is one approval. */
  requestApproval(request: {
    model: string
    version: number
    alias: string
    verdictHash: string
    reason: string
  }): Promise<Approval>
  /** Notes that an approval deploys there too, and how; where it stands tells whether the step has to do it itself. */
  planDeployment(request: { approval: string; endpoint: string; rollout?: RolloutSpec | undefined }): Promise<Approval>
  /** The version that answers at the endpoint; undefined if none does. */
  answering(request: { endpoint: string }): Promise<ResolvedModel | undefined>
  /** Keeps the definition of a feature view that the step uses. */
  keepFeatureView(request: { view: string; version: string; text: string }): Promise<void>
  /** Makes the version answer at the endpoint and returns when it does. */
  deploy(request: {
    endpoint: string
    model: string
    version: number
    reason: string
    /** Comes beside what answers, in this way, where something does. */
    rollout?: RolloutSpec | undefined
  }): Promise<Deployed>
  /**
   * In a run that is repeated: what the first one measured of its machine when it tried the model. Such figures are no result
   * and never come out the same. Undefined in any other run.
   */
  measuredBefore(): Promise<MeasuredFigures | undefined>
  /** The absolute path of a file that was uploaded to the engine. */
  uploadedFile(request: { upload: string }): Promise<string>
  /** Where the online feature store and the log of served features lie. */
  featureStore(): Promise<FeaturePaths>
}

export type MeasuredFigures = Pick<DeploymentFigures, 'loadMs' | 'latencyMs' | 'memoryBytes'>

export interface ResolvedModel {
  readonly version: ModelVersion
  /** File name in the model package to absolute path. */
  readonly files: ReadonlyMap<string, string>
  /** How much the version leans on each input, where its evaluation measured it. */
  readonly importance?: Importance | undefined
}

export interface RegisterVersionRequest {
  readonly model: string
  /** The model artifact. The same artifact registered again gives the version it already has. */
  readonly artifactHash: string
  readonly signature: Signature
  readonly metrics: Record<string, number>
  readonly verdict?: Verdict | undefined
  readonly description?: string | undefined
}

export interface Deployed {
  readonly revision: Revision
  /** Of a version that comes step by step. */
  readonly rolloutId?: string | undefined
  /** Where the endpoint answers; null where the inference server is not running, as in a one-off CLI run. */
  readonly url: string | null
}

/** Thrown by a component that finds nothing to do: the step ends as skipped, with the reason, and so do those that need it. */
export class SkipStep extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'SkipStep'
  }
}

/**
 * Thrown by a component that has done its work and found that the pipeline must not go on: the step fails, but what it wrote
 * and its values are kept, so that a person can look at what was found.
 */
export class StopStep extends EsteiraError {}
