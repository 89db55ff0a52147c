/** How the run of a back-test is told from those of pipelines. Apart from the schemas, which not every page needs. */
/** How the generated run is called: not a pipeline's name, so that nothing takes it for a run of the pipeline itself. */
export function backtestRunName(pipeline: string): string {
  return `${pipeline} (back-test)`
}

/** The pipeline that a run of this name is the back-test of; undefined for other runs. */
export function backtestedPipeline(runName: string): string | undefined {
  return / \(back-test\)$/.test(runName) ? runName.slice(0, -' (back-test)'.length) : undefined
}
