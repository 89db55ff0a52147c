/** The texts of the pipeline versions that runs used, in the metadata store. */
import { z } from 'zod'
import type { Store } from '../store/store.ts'

export interface PipelineText {
  readonly projectId: string
  readonly pipeline: string
  readonly version: string
  readonly text: string
}

const usedText = z.object({
  version: z.string(),
  text: z.string(),
  firstSeenAt: z.number(),
  runs: z.number(),
  latestRunId: z.string().nullable(),
})
/** A text with the runs that used it. */
export type UsedText = z.infer<typeof usedText>

/** Call it in the transaction that stores the run. A text that is known already is kept once. */
export function savePipelineText(store: Store, { projectId, pipeline, version, text }: PipelineText, at: number): void {
  store.run(
    `INSERT INTO pipeline_text (project_id, pipeline, version, text, first_seen_at)
     VALUES ($projectId, $pipeline, $version, $text, $at) ON CONFLICT DO NOTHING`,
    { projectId, pipeline, version, text, at },
  )
}

/** Versions of runs before these texts were kept are not among them. */
export function usedPipelineTexts(store: Store, projectId: string, pipeline: string): UsedText[] {
  return store.all(
    usedText,
    `SELECT kept.version, kept.text, kept.first_seen_at AS firstSeenAt, count(run.id) AS runs, max(run.id) AS latestRunId
     FROM pipeline_text AS kept
     LEFT JOIN run ON run.project_id = kept.project_id AND run.pipeline = kept.pipeline
       AND run.pipeline_version = kept.version
     WHERE kept.project_id = $projectId AND kept.pipeline = $pipeline
     GROUP BY kept.version`,
    { projectId, pipeline },
  )
}

/** How often a version ran, also where its text is known from elsewhere. */
export function runsOfVersion(
  store: Store,
  { projectId, pipeline, version }: Omit<PipelineText, 'text'>,
): { runs: number; latestRunId: string | null } {
  const row = store.get(
    usedText.pick({ runs: true, latestRunId: true }),
    `SELECT count(*) AS runs, max(id) AS latestRunId FROM run
     WHERE project_id = $projectId AND pipeline = $pipeline AND pipeline_version = $version`,
    { projectId, pipeline, version },
  )
  return row ?? { runs: 0, latestRunId: null }
}
