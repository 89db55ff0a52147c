/** How the run of a batch prediction is told from those of pipelines. Apart from the schemas, which not every page needs. */

const suffix = ' (batch prediction)'

/** Not a pipeline's name, so that nothing takes it for a run of one. */
export function batchRunName(model: string): string {
  return model + suffix
}

/** The model whose batch prediction a run of this name is; undefined for other runs. */
export function batchedModel(runName: string): string | undefined {
  return runName.endsWith(suffix) ? runName.slice(0, -suffix.length) : undefined
}
