/** Every text that a pipeline file is known to have had, merged by version. Pure. */
import type { CommitInfo, PipelineVersion } from '#shared/pipelines.ts'
import { pipelineVersionOf } from './pipeline-version.ts'
import type { CommittedText } from './project-git.ts'

export interface KnownTexts {
  /** What the file holds now; undefined where it is gone. */
  readonly current: { readonly text: string; readonly changedAt: number } | undefined
  readonly used: readonly { readonly text: string; readonly firstSeenAt: number }[]
  /** Newest first. */
  readonly committed: readonly CommittedText[]
  runsOf(version: string): { runs: number; latestRunId: string | null }
}

/** The newest first: the current one, then by when each was first seen. */
export function mergeVersions({ current, used, committed, runsOf }: KnownTexts): PipelineVersion[] {
  const seen = new Map<string, { text: string; firstSeenAt: number; commits: CommitInfo[] }>()
  function see(text: string, at: number, commit?: CommitInfo): void {
    const version = pipelineVersionOf(text)
    const known = seen.get(version) ?? { text, firstSeenAt: at, commits: [] }
    known.firstSeenAt = Math.min(known.firstSeenAt, at)
    if (commit !== undefined) known.commits.push(commit)
    seen.set(version, known)
  }
  for (const { text, firstSeenAt } of used) see(text, firstSeenAt)
  for (const { text, commit } of committed) see(text, commit.at, commit)
  if (current !== undefined) see(current.text, current.changedAt)
  const now = current === undefined ? undefined : pipelineVersionOf(current.text)
  return [...seen]
    .map(([version, { text, firstSeenAt, commits }]) => ({
      version,
      text,
      firstSeenAt,
      current: version === now,
      ...runsOf(version),
      commits,
    }))
    .sort((a, b) => Number(b.current) - Number(a.current) || b.firstSeenAt - a.firstSeenAt)
}
