/** Which pipelines take features of a view, and which model versions read them. */
import { readFile } from 'node:fs/promises'
import { type FeatureManifest, type FeatureUse, featureManifestFile, featureManifestSchema } from '#shared/features.ts'
import type { ModelVersion } from '#shared/models.ts'
import { storedFilePath } from '../artifacts/artifact-files.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { catalogue } from '../components/index.ts'
import type { PlannedStep } from '../pipelines/plan.ts'
import { listPipelineNames } from '../pipelines/project-folder.ts'
import type { Projects } from '../pipelines/projects.ts'
import type { Registry } from '../registry/registry.ts'

export interface FeatureUsesParts {
  readonly projects: Pick<Projects, 'open' | 'plan'>
  readonly registry: Pick<Registry, 'listModels' | 'listVersions'>
  readonly artifacts: Pick<ArtifactStore, 'get' | 'root'>
}

/** So many of the newest versions of a model are looked at. */
const maxVersions = 200
const maxRemembered = 20_000

export class FeatureUses {
  readonly #parts: FeatureUsesParts
  /** Packages never change: by the hash of the artifact, null for one without features. */
  readonly #manifests = new Map<string, FeatureManifest | null>()

  constructor(parts: FeatureUsesParts) {
    this.#parts = parts
  }

  /** By the name of the view. */
  async ofProject(projectId: string): Promise<Map<string, FeatureUse>> {
    const uses = new Map<string, FeatureUse>()
    const entryOf = (view: string): FeatureUse => {
      const use = uses.get(view) ?? { pipelines: [], versions: [] }
      uses.set(view, use)
      return use
    }
    const { row } = await this.#parts.projects.open(projectId)
    for (const pipeline of await listPipelineNames(row.path)) {
      // A pipeline that cannot be planned says nothing here; its own page shows its problems.
      const plan = await this.#parts.projects.plan(projectId, pipeline, {}).catch(() => undefined)
      for (const step of plan?.steps ?? []) {
        for (const view of viewsNamed(step)) entryOf(view).pipelines.push({ pipeline, step: step.name })
      }
    }
    for (const version of this.#versions(projectId)) {
      const manifest = await this.#manifest(version.artifactHash)
      const views = new Map(manifest?.features.map(({ view, viewVersion }) => [view, viewVersion]))
      for (const [view, viewVersion] of views) {
        const { model, version: number, aliases } = version
        entryOf(view).versions.push({ model, version: number, aliases, viewVersion })
      }
    }
    return uses
  }

  #versions(projectId: string): ModelVersion[] {
    const { registry } = this.#parts
    const models = registry.listModels().filter((model) => model.projectId === projectId)
    return models.flatMap(({ name }) => registry.listVersions(name, { limit: maxVersions }).items)
  }

  async #manifest(artifactHash: string): Promise<FeatureManifest | null> {
    const known = this.#manifests.get(artifactHash)
    if (known !== undefined) return known
    const manifest = await this.#readManifest(artifactHash).catch(() => null)
    if (this.#manifests.size > maxRemembered) this.#manifests.clear()
    this.#manifests.set(artifactHash, manifest)
    return manifest
  }

  async #readManifest(artifactHash: string): Promise<FeatureManifest | null> {
    const { artifacts } = this.#parts
    const file = artifacts.get(artifactHash).files.find(({ name }) => name === featureManifestFile)
    if (file === undefined) return null
    return featureManifestSchema.parse(JSON.parse(await readFile(storedFilePath(artifacts.root, file.sha256), 'utf8')))
  }
}

/** The feature views that a step takes features of, as its component says. */
function viewsNamed({ component: name, options }: PlannedStep): string[] {
  const component = catalogue.get(name)
  const parsed = component?.options.safeParse(options)
  if (!parsed?.success) return []
  const references = component?.references?.(parsed.data) ?? []
  return references.flatMap((reference) => (reference.kind === 'feature-view' ? [reference.name] : []))
}
