/** All that is stored about a model version, put together from registry, run, artifacts and endpoints. */
import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import {
  evaluationSchema,
  type Importance,
  type ModelVersion,
  type ModelVersionDetails,
  modelManifestSchema,
} from '#shared/models.ts'
import type { Artifact } from '#shared/runs.ts'
import { verifyFile } from '../artifacts/artifact-files.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { RunStore } from '../pipelines/run-store.ts'
import { modelCard } from '../registry/model-card.ts'
import type { Registry } from '../registry/registry.ts'
import type { Endpoints } from '../serving/endpoints.ts'
import { packageFiles } from '../training/package.ts'
import { evaluationOf, lineageOf } from './lineage.ts'

export interface VersionDetailsParts {
  readonly registry: Registry
  readonly runs: Pick<RunStore, 'get' | 'plan'>
  readonly artifacts: Pick<ArtifactStore, 'get' | 'root'>
  readonly endpoints: Pick<Endpoints, 'list'>
}

export class VersionDetails {
  readonly #parts: VersionDetailsParts

  constructor(parts: VersionDetailsParts) {
    this.#parts = parts
  }

  /** @throws EsteiraError `model-not-found`, `model-version-not-found`, `artifact-corrupt` */
  async get(model: string, number: number): Promise<ModelVersionDetails> {
    const { registry, runs, artifacts } = this.#parts
    const version = registry.getVersion(model, number)
    const run = runs.get(version.runId)
    if (run === undefined) throw new EsteiraError('internal', `The run ${version.runId} is not in the store.`)
    const lineage = lineageOf(run, runs.plan(run.id), version.step)
    const evaluation = evaluationOf(run, lineage, version)
    const modelArtifact = artifacts.get(version.artifactHash)
    return {
      ...version,
      description: registry.getModel(model).description,
      manifest: await this.#readJson(modelArtifact, packageFiles.manifest, modelManifestSchema),
      package: modelArtifact.files,
      evaluation: evaluation === undefined ? null : await this.#evaluation(evaluation),
      serving: this.#servingOf(model, number),
      lineage,
    }
  }

  /** How much the version leans on each input; undefined where its evaluation does not say or cannot be read any more. */
  async importance({ model, version }: Pick<ModelVersion, 'model' | 'version'>): Promise<Importance | undefined> {
    const details = await this.get(model, version).catch(() => undefined)
    return details?.evaluation?.content.importance
  }

  /** Where its evaluation lies and how much it leans on each input; null where it has none that can be read. */
  async evaluationOf({ model, version }: Pick<ModelVersion, 'model' | 'version'>) {
    const evaluation = (await this.get(model, version).catch(() => undefined))?.evaluation ?? null
    if (evaluation === null) return null
    const { artifactHash, content } = evaluation
    return { artifactHash, importance: content.importance?.inputs ?? null }
  }

  /** In Markdown. @throws EsteiraError as `get` */
  async card(model: string, version: number): Promise<string> {
    return modelCard(await this.get(model, version))
  }

  async #evaluation({ step, artifactHash }: { step: string; artifactHash: string }) {
    const artifact = this.#parts.artifacts.get(artifactHash)
    const content = await this.#readJson(artifact, 'evaluation.json', evaluationSchema)
    const rowsHash = artifact.files.find(({ name }) => name === 'test.parquet')?.sha256 ?? null
    return { step, artifactHash, rowsHash, content }
  }

  #servingOf(model: string, version: number): ModelVersionDetails['serving'] {
    return this.#parts.endpoints.list().flatMap(({ name, revision }) => {
      if (revision?.model !== model || revision.version !== version) return []
      return [{ endpoint: name, revision: revision.number, since: revision.createdAt }]
    })
  }

  /** Checks and reads this file alone: the others of an artifact may be large. */
  async #readJson<T>(artifact: Artifact, name: string, schema: z.ZodType<T>): Promise<T> {
    const file = artifact.files.find((each) => each.name === name)
    if (file === undefined) throw corrupt(artifact, name, 'is missing')
    const text = await readFile(await verifyFile(this.#parts.artifacts.root, file.sha256), 'utf8')
    try {
      return schema.parse(JSON.parse(text))
    } catch (cause) {
      throw corrupt(artifact, name, 'does not have the expected form', cause)
    }
  }
}

function corrupt(artifact: Artifact, name: string, what: string, cause?: unknown): EsteiraError {
  return new EsteiraError('artifact-corrupt', `The file ${name} of the ${artifact.type} artifact ${what}.`, {
    where: artifact.hash,
    next: 'Run the pipeline again without the cache.',
    cause,
  })
}
