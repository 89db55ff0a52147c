/** What lineage asks the metadata store. Every question is answered from an index and bounded. */
import { z } from 'zod'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'
import {
  type ArtifactRow,
  artifactRow,
  type EndpointRow,
  endpointRow,
  type RunRow,
  runRow,
  type StepRow,
  stepColumns,
  stepRow,
  type VersionRow,
  versionColumns,
  versionRow,
} from './lineage-shapes.ts'

export interface Window {
  readonly offset: number
  readonly limit: number
}

const textRow = z.object({ text: z.string() })

/**
 * A step that really ran. What came from the cache, or was made once more to be compared, is left to the step that made it
 * first, unless that one's run is gone.
 */
const really = `(e.cached = 0 OR e.cached_from IS NULL OR NOT EXISTS (SELECT 1 FROM run o WHERE o.id = e.cached_from))
  AND NOT EXISTS (SELECT 1 FROM run_record c JOIN run o ON o.id = c.reproduces WHERE c.run_id = e.run_id)`

export class LineageRows {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  step(runId: string, step: string): StepRow | undefined {
    return this.#store.get(
      stepRow,
      `SELECT ${stepColumns}, '' AS port FROM step_execution e JOIN run r ON r.id = e.run_id
       WHERE e.run_id = $runId AND e.name = $step`,
      { runId, step },
    )
  }

  steps(runId: string): StepRow[] {
    return this.#store.all(
      stepRow,
      `SELECT ${stepColumns}, '' AS port FROM step_execution e JOIN run r ON r.id = e.run_id
       WHERE e.run_id = $runId ORDER BY e.position`,
      { runId },
    )
  }

  run(id: string): RunRow | undefined {
    return this.#store.get(
      runRow,
      'SELECT id, pipeline, project_id AS projectId, status, created_at AS at FROM run WHERE id = $id',
      { id },
    )
  }

  runsOfPipeline(projectId: string, pipeline: string, window: Window): RunRow[] {
    return this.#store.all(
      runRow,
      `SELECT id, pipeline, project_id AS projectId, status, created_at AS at FROM run
       WHERE project_id = $projectId AND pipeline = $pipeline ORDER BY id DESC LIMIT $limit OFFSET $offset`,
      { projectId, pipeline, ...window },
    )
  }

  artifact(hash: string): ArtifactRow | undefined {
    return this.#store.get(
      artifactRow,
      `SELECT hash, type, created_at AS at, '' AS port FROM artifact WHERE hash = $hash`,
      { hash },
    )
  }

  /** At most two, to tell whether the beginning of a hash is enough. */
  hashesFrom(beginning: string): string[] {
    return this.#store
      .all(textRow, `SELECT hash AS text FROM artifact WHERE hash >= $from AND hash < $to LIMIT 2`, {
        from: beginning,
        to: `${beginning}g`,
      })
      .map(({ text }) => text)
  }

  /** The artifacts that a step read or gave. */
  artifactsOf(runId: string, step: string, direction: 'in' | 'out', window: Window): ArtifactRow[] {
    return this.#store.all(
      artifactRow,
      `SELECT s.artifact_hash AS hash, a.type, a.created_at AS at, min(s.port) AS port
       FROM step_artifact s JOIN artifact a ON a.hash = s.artifact_hash
       WHERE s.run_id = $runId AND s.step = $step AND s.direction = $direction
       GROUP BY s.artifact_hash ORDER BY min(s.port), s.artifact_hash LIMIT $limit OFFSET $offset`,
      { runId, step, direction, ...window },
    )
  }

  /** The steps that gave an artifact, or read it; newest first. */
  stepsOf(hash: string, direction: 'in' | 'out', window: Window): StepRow[] {
    return this.#store.all(
      stepRow,
      `SELECT ${stepColumns}, s.port FROM step_artifact s
       JOIN step_execution e ON e.run_id = s.run_id AND e.name = s.step JOIN run r ON r.id = e.run_id
       WHERE s.artifact_hash = $hash AND s.direction = $direction AND ${really}
       ORDER BY s.run_id DESC, s.step LIMIT $limit OFFSET $offset`,
      { hash, direction, ...window },
    )
  }

  /** The steps whose options name a dataset or feature view; newest first. */
  stepsNaming(projectId: string, kind: 'dataset' | 'feature-view', name: string, window: Window): StepRow[] {
    return this.#store.all(
      stepRow,
      `SELECT ${stepColumns}, '' AS port FROM step_reference f
       JOIN step_execution e ON e.run_id = f.run_id AND e.name = f.step JOIN run r ON r.id = e.run_id
       WHERE f.kind = $kind AND f.name = $name AND r.project_id = $projectId AND ${really}
       ORDER BY f.run_id DESC, f.step LIMIT $limit OFFSET $offset`,
      { projectId, kind, name, ...window },
    )
  }

  /** The steps that read a file of the project; newest first. */
  stepsReading(projectId: string, path: string, window: Window): StepRow[] {
    return this.#store.all(
      stepRow,
      `SELECT ${stepColumns}, '' AS port FROM step_source f
       JOIN step_execution e ON e.run_id = f.run_id AND e.name = f.step JOIN run r ON r.id = e.run_id
       WHERE f.path = $path AND r.project_id = $projectId AND ${really}
       ORDER BY f.run_id DESC, f.step LIMIT $limit OFFSET $offset`,
      { projectId, path, ...window },
    )
  }

  /** What the options of a step, or of all steps of a run, name. */
  references(runId: string, step?: string): { kind: string; name: string }[] {
    return this.#store.all(
      z.object({ kind: z.string(), name: z.string() }),
      `SELECT DISTINCT kind, name FROM step_reference
       WHERE run_id = $runId AND ($step IS NULL OR step = $step) ORDER BY kind, name`,
      { runId, step: step ?? null },
    )
  }

  filesOf(runId: string, step: string, window: Window): string[] {
    return this.#store
      .all(
        textRow,
        'SELECT path AS text FROM step_source WHERE run_id = $runId AND step = $step ORDER BY path LIMIT $limit OFFSET $offset',
        { runId, step, ...window },
      )
      .map(({ text }) => text)
  }

  /** The newest run whose steps name the dataset. */
  newestRunNaming(projectId: string, kind: 'dataset' | 'feature-view', name: string) {
    return this.#store.get(
      z.object({ runId: z.string(), step: z.string() }),
      `SELECT f.run_id AS runId, f.step FROM step_reference f JOIN run r ON r.id = f.run_id
       WHERE f.kind = $kind AND f.name = $name AND r.project_id = $projectId
         AND EXISTS (SELECT 1 FROM step_source s WHERE s.run_id = f.run_id AND s.step = f.step)
       ORDER BY f.run_id DESC LIMIT 1`,
      { projectId, kind, name },
    )
  }

  version(model: string, version: number): VersionRow | undefined {
    return this.#store.get(
      versionRow,
      `SELECT ${versionColumns} FROM model_version v WHERE v.model = $model AND v.version = $version`,
      { model, version },
    )
  }

  /** The version that a step registered. */
  versionsOfStep(runId: string, step: string): VersionRow[] {
    return this.#store.all(
      versionRow,
      `SELECT ${versionColumns} FROM model_version v WHERE v.run_id = $runId AND v.step = $step ORDER BY v.model, v.version`,
      { runId, step },
    )
  }

  versionsOfRun(runId: string): VersionRow[] {
    return this.#store.all(
      versionRow,
      `SELECT ${versionColumns} FROM model_version v WHERE v.run_id = $runId ORDER BY v.model, v.version`,
      { runId },
    )
  }

  versionsOfArtifact(hash: string, window: Window): VersionRow[] {
    return this.#store.all(
      versionRow,
      `SELECT ${versionColumns} FROM model_version v WHERE v.artifact_hash = $hash
       ORDER BY v.model, v.version LIMIT $limit OFFSET $offset`,
      { hash, ...window },
    )
  }

  packageOf(model: string, version: number): string | undefined {
    return this.#store.get(
      textRow,
      'SELECT artifact_hash AS text FROM model_version WHERE model = $model AND version = $version',
      { model, version },
    )?.text
  }

  endpoint(name: string): EndpointRow | undefined {
    return this.#store.get(
      endpointRow,
      `SELECT d.name, d.project_id AS projectId, n.model, n.version, n.created_at AS at
       FROM endpoint d JOIN revision n ON n.id = d.revision_id WHERE d.name = $name`,
      { name },
    )
  }

  /** Where a version answers now. */
  endpointsOf(model: string, version: number): EndpointRow[] {
    return this.#store.all(
      endpointRow,
      `SELECT d.name, d.project_id AS projectId, n.model, n.version, n.created_at AS at
       FROM revision n JOIN endpoint d ON d.revision_id = n.id
       WHERE n.model = $model AND n.version = $version ORDER BY d.name`,
      { model, version },
    )
  }

  /** What each step of a run waited for. */
  dependencies(runId: string): Map<string, string[]> {
    const row = z.object({ step: z.string(), dependsOn: jsonColumn(z.array(z.string())) })
    const rows = this.#store.all(
      row,
      'SELECT name AS step, depends_on AS dependsOn FROM step_execution WHERE run_id = $runId',
      { runId },
    )
    return new Map(rows.map(({ step, dependsOn }) => [step, dependsOn]))
  }

  /**
   * Versions of runs in which a step reads the thing: those that serve or have an alias, then the newest up to the limit.
   * `seed` is the step that reads it.
   */
  versionsTouched(what: Touch, projectId: string, limit: number): { rows: TouchedVersion[]; left: number } {
    const { table, condition, parameters } = touchSql(what)
    const given = { ...parameters, projectId }
    const select = `SELECT ${versionColumns}, f.step AS seed`
    const inUse = this.#store.all(
      touchedRow,
      `${select} FROM model_version v JOIN ${table} f ON f.run_id = v.run_id AND ${condition}
       WHERE v.project_id = $projectId AND (v.model, v.version) IN (SELECT model, version FROM model_alias
         UNION SELECT n.model, n.version FROM revision n JOIN endpoint d ON d.revision_id = n.id)
       ORDER BY serving DESC, v.model, v.version DESC`,
      given,
    )
    const from = `FROM ${table} f JOIN model_version v ON v.run_id = f.run_id WHERE ${condition} AND v.project_id = $projectId`
    const newest = this.#store.all(touchedRow, `${select} ${from} ORDER BY f.run_id DESC LIMIT $limit`, {
      ...given,
      limit,
    })
    const count = this.#store.get(z.object({ count: z.number() }), `SELECT count(*) AS count ${from}`, given)
    const seen = new Set<string>()
    const rows = [...inUse, ...newest].filter(({ model, version, seed }) => {
      const key = `${model}/${version}/${seed}`
      return !seen.has(key) && seen.add(key)
    })
    return { rows, left: Math.max(0, (count?.count ?? 0) - rows.length) }
  }
}

const touchedRow = versionRow.extend({ seed: z.string() })
type TouchedVersion = z.infer<typeof touchedRow>

export type Touch =
  | { readonly by: 'reference'; readonly kind: 'dataset' | 'feature-view'; readonly name: string }
  | { readonly by: 'file'; readonly path: string }

function touchSql(what: Touch): { table: string; condition: string; parameters: Record<string, string> } {
  if (what.by === 'file') return { table: 'step_source', condition: 'f.path = $path', parameters: { path: what.path } }
  const { kind, name } = what
  return { table: 'step_reference', condition: 'f.kind = $kind AND f.name = $name', parameters: { kind, name } }
}
