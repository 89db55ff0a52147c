/** How runs that the engine plans for a model are told from those of pipelines. Apart from the schemas, which not every page needs. */

const suffixes = { predict: ' (batch prediction)', import: ' (import)' } as const

/** Not a pipeline's name, so that nothing takes it for a run of one. */
export function modelRunName(model: string, kind: keyof typeof suffixes): string {
  return model + suffixes[kind]
}

/** The model that a run of this name predicts with or imports; undefined for other runs. */
export function modelOfRun(runName: string): string | undefined {
  const suffix = Object.values(suffixes).find((each) => runName.endsWith(each))
  return suffix === undefined ? undefined : runName.slice(0, -suffix.length)
}
