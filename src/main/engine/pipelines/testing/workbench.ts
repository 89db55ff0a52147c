/** A real home and project in a temporary folder, with the runner on real threads and a real store, for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { EngineEvent } from '#shared/events.ts'
import type { Parameters, Run } from '#shared/runs.ts'
import { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { systemClock } from '../../kernel/clock.ts'
import { EventBus } from '../../kernel/events.ts'
import { Store } from '../../store/store.ts'
import type { StepServices } from '../component.ts'
import { Projects } from '../projects.ts'
import { RunRecords } from '../run-records.ts'
import { RunStore } from '../run-store.ts'
import { Runs } from '../runs.ts'
import { StepPool } from '../step-pool.ts'
import { testCatalogue } from './components.ts'

export interface Workbench {
  readonly path: string
  readonly projectPath: string
  readonly projectId: string
  readonly store: Store
  readonly artifacts: ArtifactStore
  readonly runs: Runs
  readonly projects: Projects
  readonly events: EngineEvent[]
  write(file: string, text: string): void
  start(pipeline: string, parameters?: Parameters, useCache?: boolean): Promise<Run>
  /** Starts the pipeline and waits for its end. */
  run(pipeline: string, parameters?: Parameters, useCache?: boolean): Promise<Run>
  /** Stops the engine's parts in order, as at a normal stop, and keeps the folder. */
  stop(): Promise<void>
}

/** For steps that ask for nothing. */
export const unavailable: StepServices = {
  resolveModel: async () => undefined,
  registerVersion: () => Promise.reject(new Error('not in this test')),
  keepFeatureView: () => Promise.reject(new Error('not in this test')),
  moveAlias: () => Promise.reject(new Error('not in this test')),
  requestApproval: () => Promise.reject(new Error('not in this test')),
  planDeployment: () => Promise.reject(new Error('not in this test')),
  answering: async () => undefined,
  deploy: () => Promise.reject(new Error('not in this test')),
  measuredBefore: async () => undefined,
  uploadedFile: () => Promise.reject(new Error('not in this test')),
  featureStore: () => Promise.reject(new Error('not in this test')),
}

export interface WorkbenchOptions {
  /** Opens the home that an earlier workbench left. */
  readonly path?: string
  /** Where a new one is made; default: the folder for temporary files. */
  readonly folder?: string
  readonly threads?: number
  readonly cancelGraceMs?: number
}

export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const path = options.path ?? mkdtempSync(join(options.folder ?? tmpdir(), 'esteira-runner-'))
  const projectPath = join(path, 'project')
  const events: EngineEvent[] = []
  const bus = new EventBus((error) => {
    throw error
  })
  bus.subscribe((event) => events.push(event))
  const store = Store.open(join(path, 'home', 'metadata.db'))
  const artifacts = new ArtifactStore(store, join(path, 'home', 'artifacts'), systemClock)
  const pool = new StepPool({
    threadUrl: new URL('./step-thread.ts', import.meta.url),
    size: options.threads ?? 2,
    ...(options.cancelGraceMs !== undefined && { cancelGraceMs: options.cancelGraceMs }),
  })
  const projects = new Projects({
    store,
    events: bus,
    clock: systemClock,
    catalogue: testCatalogue,
    defaultSamplePath: join(path, 'sample'),
    sampleSourcePath: projectPath,
  })
  const workRoot = join(path, 'home', 'work')
  const runs = new Runs(
    {
      runs: new RunStore(store),
      records: new RunRecords({
        store,
        artifacts,
        catalogue: testCatalogue,
        workRoot,
        championOf: () => undefined,
        onFailure: (error) => {
          throw error
        },
      }),
      artifacts,
      pool,
      catalogue: testCatalogue,
      events: bus,
      clock: systemClock,
      workRoot,
      servicesFor: () => unavailable,
    },
    projects,
  )
  function write(file: string, text: string): void {
    mkdirSync(dirname(join(projectPath, file)), { recursive: true })
    writeFileSync(join(projectPath, file), text)
  }
  if (options.path === undefined) write('esteira.yaml', 'name: test\n')
  const project = await projects.add({ path: projectPath, trust: true })
  async function start(pipeline: string, parameters: Parameters = {}, useCache = true) {
    return runs.start({ projectId: project.id, pipeline, parameters, startedBy: 'test', useCache })
  }
  return {
    path,
    projectPath,
    projectId: project.id,
    store,
    artifacts,
    runs,
    projects,
    events,
    write,
    start,
    run: async (pipeline, parameters, useCache) => runs.ended((await start(pipeline, parameters, useCache)).id),
    async stop() {
      runs.suspend()
      await pool.close()
      store.close()
    },
  }
}

export function removeWorkbench(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
