/** Imports of models that were made elsewhere: an ordinary run of two steps, so that a version always has a run that made it. */
import { stringify } from 'yaml'
import { modelRunName } from '#shared/model-run.ts'
import type { OnnxHint } from '#shared/models.ts'
import type { Run } from '#shared/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { type Catalogue, planPipeline } from '../pipelines/planner.ts'
import type { Runs } from '../pipelines/runs.ts'
import type { Uploads } from './uploads.ts'

export interface ModelImportRequest {
  readonly model: string
  readonly projectId: string
  /** Of an uploaded file. */
  readonly path: string
  readonly signature?: OnnxHint | undefined
  readonly promote: string | false
  readonly startedBy: string
}

export interface ModelImportParts {
  readonly runs: Pick<Runs, 'startPlan'>
  readonly uploads: Pick<Uploads, 'nameOf'>
  readonly catalogue: Catalogue
}

const pipelineName = 'import-model'

export class ModelImports {
  readonly #parts: ModelImportParts

  constructor(parts: ModelImportParts) {
    this.#parts = parts
  }

  /** @throws EsteiraError where there is no such project or upload, or the name is none; no run is made then */
  async start({ model, projectId, path, signature, promote, startedBy }: ModelImportRequest): Promise<Run> {
    const { uploads, catalogue, runs } = this.#parts
    const upload = await uploads.nameOf(path)
    const text = stringify({
      name: pipelineName,
      steps: {
        import: { uses: 'model/import', with: { upload, ...(signature !== undefined && { signature }) } },
        register: { uses: 'model/register', in: { model: 'import' }, with: { model, promote } },
      },
    })
    const planned = planPipeline({ text, file: `pipelines/${pipelineName}.yaml`, catalogue })
    if (!planned.ok) {
      throw new EsteiraError('pipeline-invalid', 'The import cannot be planned.', { problems: planned.problems })
    }
    const plan = { ...planned.plan, pipeline: modelRunName(model, 'import') }
    return await runs.startPlan({ projectId, plan, text, startedBy })
  }
}
