/** What triggers ask about runs that others started. */
import { z } from 'zod'
import type { Store } from '../store/store.ts'

/** More successes than so many within a moment are followed by one run all the same. */
const maxSuccesses = 1_000

export class TriggerRuns {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** A run of the pipeline that has not ended; null where there is none. */
  underWay(projectId: string, pipeline: string): string | null {
    const row = this.#store.get(
      z.object({ id: z.string() }),
      `SELECT id FROM run INDEXED BY run_by_status
       WHERE status IN ('queued', 'running') AND project_id = $projectId AND pipeline = $pipeline LIMIT 1`,
      { projectId, pipeline },
    )
    return row?.id ?? null
  }

  /** Runs that succeeded at `since` or later, the last to end first. One made again to be compared is no new success. */
  successes(projectId: string, pipeline: string, since: number): { id: string; finishedAt: number }[] {
    return this.#store.all(
      z.object({ id: z.string(), finishedAt: z.number() }),
      `SELECT id, finished_at AS finishedAt FROM run
       WHERE project_id = $projectId AND pipeline = $pipeline AND finished_at >= $since AND status = 'succeeded'
         AND started_by <> 'reproduction'
       ORDER BY finished_at DESC, id DESC LIMIT ${maxSuccesses}`,
      { projectId, pipeline, since },
    )
  }
}
