/** Batch prediction on demand: an ordinary run of two steps, so that progress, cancel, lineage and resuming are the runner's. */
import { stringify } from 'yaml'
import type { BatchPredictionRequest, BatchSource } from '#shared/batch-predictions.ts'
import { modelRunName } from '#shared/model-run.ts'
import type { ModelVersion } from '#shared/models.ts'
import type { Run } from '#shared/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { type Catalogue, planPipeline } from '../pipelines/planner.ts'
import type { Runs } from '../pipelines/runs.ts'
import type { Registry } from '../registry/registry.ts'
import type { Endpoints } from '../serving/endpoints.ts'
import type { Uploads } from './uploads.ts'

export interface BatchPredictionParts {
  readonly registry: Pick<Registry, 'resolve'>
  readonly endpoints: Pick<Endpoints, 'get'>
  readonly runs: Pick<Runs, 'startPlan'>
  readonly uploads: Pick<Uploads, 'nameOf'>
  readonly catalogue: Catalogue
}

const pipelineName = 'batch-prediction'

export class BatchPredictions {
  readonly #parts: BatchPredictionParts

  constructor(parts: BatchPredictionParts) {
    this.#parts = parts
  }

  /** @throws EsteiraError where there is no such model, endpoint or upload; no run is made then */
  async start(request: BatchPredictionRequest): Promise<Run> {
    const { model, version, projectId } = this.#version(request)
    const text = pipelineText({
      name: pipelineName,
      data: await this.#source(request.source),
      options: { model: `${model}/${version}`, ...(request.keep !== undefined && { keep: request.keep }) },
    })
    const planned = planPipeline({ text, file: `pipelines/${pipelineName}.yaml`, catalogue: this.#parts.catalogue })
    if (!planned.ok) {
      throw new EsteiraError('pipeline-invalid', 'The batch prediction cannot be planned.', {
        problems: planned.problems,
      })
    }
    const plan = { ...planned.plan, pipeline: modelRunName(model, 'predict') }
    return await this.#parts.runs.startPlan({ projectId, plan, text, startedBy: request.startedBy })
  }

  /** An alias is looked up once, so that a run that is resumed goes on with the same version. */
  #version({ model, endpoint }: BatchPredictionRequest): Pick<ModelVersion, 'model' | 'version' | 'projectId'> {
    const { registry, endpoints } = this.#parts
    if ((model === undefined) === (endpoint === undefined)) {
      throw new EsteiraError('invalid-request', 'Either a model or an endpoint is needed.', { where: 'body' })
    }
    if (model !== undefined) return registry.resolve(model)
    const { name, revision } = endpoints.get(endpoint ?? '')
    if (revision !== null) return registry.resolve(`${revision.model}/${revision.version}`)
    throw new EsteiraError('endpoint-not-ready', `Nothing is deployed at the endpoint "${name}".`, { where: name })
  }

  async #source(source: BatchSource): Promise<{ uses: string; with: Record<string, unknown> }> {
    if (source.kind === 'upload') {
      return { uses: 'data/file', with: { upload: await this.#parts.uploads.nameOf(source.path) } }
    }
    const { dataset, where } = source
    return { uses: 'data/extract', with: { dataset, ...(where !== undefined && { where }) } }
  }
}

/** The same as a person would write it; kept with the run. */
function pipelineText({ name, data, options }: { name: string; data: object; options: object }): string {
  return stringify({
    name,
    steps: { data, predict: { uses: 'model/predict', in: { data: 'data' }, with: options } },
  })
}
