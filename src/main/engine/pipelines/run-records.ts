/** What a run was made with: collected before it is stored, stored in the same transaction, read back with what it did. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { GitChanges, PreviousModel, RunEnvironment, RunRecord } from '#shared/run-record.ts'
import type { Artifact, Run } from '#shared/runs.ts'
import { artifactHash, storeFile } from '../artifacts/artifact-files.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { appRoot } from '../kernel/app-paths.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { Store } from '../store/store.ts'
import { captureChanges } from './git-changes.ts'
import type { GitState } from './git-state.ts'
import type { Plan } from './plan.ts'
import type { Catalogue } from './planner.ts'
import { describeRun, type RecordRow, recordRow } from './run-record-view.ts'
import type { SourceHash } from './step-messages.ts'

export interface RunRecordsOptions {
  readonly store: Store
  readonly artifacts: ArtifactStore
  readonly catalogue: Catalogue
  /** Folder for temporary files, on the same disk as the artifacts. */
  readonly workRoot: string
  /** The champion of a model now; undefined where it has none. */
  readonly championOf: (model: string) => PreviousModel | undefined
  /** Told where the changes of a work tree cannot be kept: the run goes on without them. */
  readonly onFailure: (error: unknown) => void
}

/** What is known before the run is stored. */
export interface Collected {
  readonly git: GitState | undefined
  readonly changes: GitChanges | null
  readonly patch: Artifact | undefined
  readonly reproduces: string | null
}

const referenceRow = z.object({
  step: z.string(),
  kind: z.enum(['dataset', 'feature-view', 'model']),
  name: z.string(),
})
const sourceRow = z.object({ step: z.string(), path: z.string(), sha256: z.string() })
/** The name of the file in the artifact that holds what differed from the commit. */
export const patchFileName = 'changes.patch'

export class RunRecords {
  readonly #options: RunRecordsOptions

  constructor(options: RunRecordsOptions) {
    this.#options = options
  }

  /** Reads the work tree, and keeps what it holds beyond the commit. */
  async collect(folder: string, git: GitState | undefined, reproduces: string | null = null): Promise<Collected> {
    if (git?.dirty !== true) return { git, changes: null, patch: undefined, reproduces }
    try {
      return { git, reproduces, ...(await this.#keepChanges(folder)) }
    } catch (error) {
      this.#options.onFailure(error)
      return { git, changes: null, patch: undefined, reproduces }
    }
  }

  /** To be called in the transaction that stores the run, after its row. */
  save(runId: string, plan: Plan, { changes, patch, reproduces }: Collected): void {
    const { store, artifacts } = this.#options
    if (patch !== undefined) artifacts.record(patch)
    const references = this.#saveReferences(runId, plan)
    const models = [...new Set(references.filter(({ kind }) => kind === 'model').map(({ name }) => name))].sort()
    store.run(
      `INSERT INTO run_record (run_id, os_user, environment, previous_models, changes, changes_artifact, reproduces)
       VALUES ($runId, $osUser, $environment, $previousModels, $changes, $patch, $reproduces)`,
      {
        runId,
        osUser: osUser(),
        environment: JSON.stringify(environment()),
        previousModels: JSON.stringify(models.flatMap((model) => this.#options.championOf(model) ?? [])),
        changes: changes === null ? null : JSON.stringify(changes),
        patch: patch?.hash ?? null,
        reproduces,
      },
    )
  }

  /** What a step read from outside the store: asked again, the answer of before is replaced. */
  saveSources(runId: string, step: string, sources: readonly SourceHash[]): void {
    const { store } = this.#options
    store.transaction(() => {
      store.run('DELETE FROM step_source WHERE run_id = $runId AND step = $step', { runId, step })
      for (const { path, sha256 } of sources) {
        store.run(
          'INSERT INTO step_source (run_id, step, path, sha256) VALUES ($runId, $step, $path, $sha256) ON CONFLICT DO NOTHING',
          { runId, step, path, sha256 },
        )
      }
    })
  }

  sources(runId: string): RunRecord['sources'] {
    return this.#options.store.all(
      sourceRow,
      'SELECT step, path, sha256 FROM step_source WHERE run_id = $runId ORDER BY step, path',
      { runId },
    )
  }

  /** The run that this one repeats; undefined for an ordinary one. */
  reproducedBy(runId: string): string | undefined {
    return this.row(runId)?.reproduces ?? undefined
  }

  row(runId: string): RecordRow | undefined {
    return this.#options.store.get(
      recordRow,
      `SELECT os_user AS osUser, environment, previous_models AS previousModels, changes, reproduces
       FROM run_record WHERE run_id = $runId`,
      { runId },
    )
  }

  /** All of it, as M1 to M7 ask for it. */
  read(run: Run, plan: Plan): RunRecord {
    const { store, artifacts } = this.#options
    const references = store.all(
      referenceRow,
      'SELECT step, kind, name FROM step_reference WHERE run_id = $runId ORDER BY step, kind, name',
      { runId: run.id },
    )
    const triggerDecision = store.get(
      z.object({ triggerId: z.string(), decisionId: z.coerce.string() }),
      'SELECT trigger_id AS triggerId, id AS decisionId FROM decision WHERE run_id = $runId LIMIT 1',
      { runId: run.id },
    )
    return describeRun(run, plan, {
      triggerDecision: triggerDecision ?? null,
      row: this.row(run.id),
      sources: this.sources(run.id),
      references,
      artifactOf: (hash) => {
        const artifact = artifacts.find(hash)
        return artifact && { ...artifact, available: artifacts.isComplete(hash) }
      },
    })
  }

  #saveReferences(runId: string, plan: Plan) {
    const { store, catalogue } = this.#options
    const references = plan.steps.flatMap(({ name: step, component: uses, options }) => {
      const component = catalogue.get(uses)
      const named = component?.references?.(component.options.parse(options)) ?? []
      return named.map((reference) => ({ step, ...reference }))
    })
    for (const { step, kind, name } of references) {
      store.run(
        'INSERT INTO step_reference (run_id, step, kind, name) VALUES ($runId, $step, $kind, $name) ON CONFLICT DO NOTHING',
        { runId, step, kind, name },
      )
    }
    return references
  }

  async #keepChanges(folder: string): Promise<{ changes: GitChanges; patch: Artifact | undefined }> {
    const { artifacts, workRoot } = this.#options
    mkdirSync(workRoot, { recursive: true })
    const scratch = await mkdtemp(join(workRoot, 'changes-'))
    try {
      const { patch: content, ...named } = await captureChanges(folder, scratch)
      if (content === undefined) return { changes: { ...named, artifactHash: null }, patch: undefined }
      await writeFile(join(scratch, patchFileName), content)
      const file = { name: patchFileName, ...(await storeFile(artifacts.root, join(scratch, patchFileName))) }
      const patch: Artifact = { hash: artifactHash('file', [file]), type: 'file', files: [file] }
      return { changes: { ...named, artifactHash: patch.hash }, patch }
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  }
}

let known: RunEnvironment | undefined

/** The same for all runs of this process. */
function environment(): RunEnvironment {
  known ??= {
    esteira: esteiraVersion,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    lock: lockHash(),
  }
  return known
}

function lockHash(): string | null {
  try {
    return createHash('sha256')
      .update(readFileSync(join(appRoot, 'package-lock.json')))
      .digest('hex')
  } catch {
    return null
  }
}

/** A user without an entry in the system's list has no name. */
function osUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
