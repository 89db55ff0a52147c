/** What a version is compared with. Pure. */
import type { PipelineVersion } from '#shared/pipelines.ts'

export type Against = 'before' | 'current'

/** The text of the version before, in a list with the newest first; empty for the first one. */
export function textBefore(versions: readonly Pick<PipelineVersion, 'text'>[], index: number): string {
  return versions[index + 1]?.text ?? ''
}
