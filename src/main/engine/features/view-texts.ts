/** The definitions of feature views that runs used, in the metadata store: files change, and not every text is committed. */
import { z } from 'zod'
import type { FeatureViewVersion } from '#shared/features.ts'
import type { Store } from '../store/store.ts'

export interface FeatureViewText {
  readonly projectId: string
  readonly view: string
  readonly version: string
  readonly text: string
}

/** A definition that is known already is kept once, with the text that it had first. */
export function saveFeatureViewText(
  store: Store,
  { projectId, view, version, text }: FeatureViewText,
  at: number,
): void {
  store.run(
    `INSERT INTO feature_view_text (project_id, view, version, text, first_seen_at)
     VALUES ($projectId, $view, $version, $text, $at) ON CONFLICT DO NOTHING`,
    { projectId, view, version, text, at },
  )
}

const usedText = z.object({
  version: z.string(),
  text: z.string(),
  firstSeenAt: z.number(),
  runs: z.number(),
  latestRunId: z.string().nullable(),
})

/** The definitions that runs used and the one of now, which comes first; then the newest. */
export function featureViewVersions(
  store: Store,
  {
    projectId,
    view,
    current,
  }: { projectId: string; view: string; current: { version: string; text: string; at: number } | null },
): FeatureViewVersion[] {
  const used = store.all(
    usedText,
    `SELECT kept.version, kept.text, kept.first_seen_at AS firstSeenAt,
       count(DISTINCT used.run_id) AS runs, max(used.run_id) AS latestRunId
     FROM feature_view_text AS kept
     LEFT JOIN (
       SELECT reference.run_id, run.project_id, step.step_values
       FROM step_reference AS reference
       JOIN run ON run.id = reference.run_id
       JOIN step_execution AS step ON step.run_id = reference.run_id AND step.name = reference.step
       WHERE reference.kind = 'feature-view' AND reference.name = $view AND run.project_id = $projectId
     ) AS used ON EXISTS (
       SELECT 1 FROM json_each(used.step_values, '$.views') AS entry WHERE entry.key = $view AND entry.value = kept.version
     )
     WHERE kept.project_id = $projectId AND kept.view = $view
     GROUP BY kept.version`,
    { projectId, view },
  )
  const versions = used.map((row) => ({ ...row, current: row.version === current?.version }))
  if (current !== null && !versions.some((row) => row.current)) {
    const { version, text, at } = current
    versions.push({ version, text, firstSeenAt: at, runs: 0, latestRunId: null, current: true })
  }
  return versions.sort((a, b) => Number(b.current) - Number(a.current) || b.firstSeenAt - a.firstSeenAt)
}
