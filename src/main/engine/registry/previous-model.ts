import type { PreviousModel } from '#shared/run-record.ts'
import { championAlias, type Registry } from './registry.ts'

/** Where the champion of a model stands now: what a run may be about to replace. Undefined where there is none. */
export function previousModel(registry: Registry, model: string): PreviousModel | undefined {
  const version = registry.tryResolve(`${model}@${championAlias}`)
  if (version === undefined) return undefined
  const { artifactHash, runId } = version
  return { model, alias: championAlias, version: version.version, artifactHash, runId }
}
