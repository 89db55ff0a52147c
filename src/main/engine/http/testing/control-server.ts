/** A real control server on a free port over parts that live in memory, and a client that sends exactly what it is told. */
import { type IncomingHttpHeaders, request as sendRequest } from 'node:http'
import type { EngineEvent } from '#shared/events.ts'
import type { Project } from '#shared/projects.ts'
import type { RunSummary } from '#shared/runs.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { EventBus } from '../../kernel/events.ts'
import { type Logger, silentLogger } from '../../kernel/logger.ts'
import type { EventStreamOptions } from '../event-stream.ts'
import { type ControlServices, createHandlers } from '../handlers.ts'
import { type ControlServer, startControlServer } from '../server.ts'

export const token = 'the-token-of-the-test'

export const project: Project = {
  id: 'p1',
  name: 'flights',
  description: '',
  path: '/data/flights',
  trusted: false,
  addedAt: 1,
  available: true,
  pipelines: ['train'],
  datasets: ['flights'],
}

export function memoryServices(changes: Partial<ControlServices> = {}): ControlServices {
  const absent = (what: string) => (): never => {
    throw new EsteiraError('not-found', `This test has no ${what}.`)
  }
  return {
    engine: {
      info: () => ({
        version: '0.0.0',
        home: '/home',
        pid: 1,
        startedAt: 1,
        controlUrl: 'http://127.0.0.1:1',
        inferenceUrl: null,
      }),
      outside: () => ({ listener: null, endpoints: [] }),
      stop: () => {},
    },
    projects: {
      list: async () => [project],
      add: async ({ path, trust }) => ({ ...project, path, trusted: trust }),
      addSample: async () => project,
      get: async (id) => {
        if (id === project.id) return project
        throw new EsteiraError('project-not-found', `There is no project "${id}".`, { found: id, nearest: project.id })
      },
      remove: () => {},
      setTrusted: absent('trust'),
      pipelines: async () => [],
    },
    authoring: {
      components: () => [],
      draft: absent('drafts'),
      versions: absent('versions'),
      readFile: absent('files'),
      writeFile: absent('files'),
      deleteFile: absent('files'),
      git: absent('git'),
      initGit: absent('git'),
      commit: absent('git'),
    },
    initProject: absent('init'),
    drifts: { drift: absent('data'), history: absent('data') },
    datasets: {
      list: absent('data'),
      rows: absent('data'),
      sql: absent('data'),
      statistics: absent('data'),
      artifactRows: absent('data'),
      preview: absent('data'),
    },
    features: { list: absent('features'), get: absent('features'), check: absent('features') },
    validation: {
      infer: absent('data'),
      propose: absent('data'),
      quarantine: absent('data'),
      draft: absent('data'),
      report: absent('data'),
      accept: absent('data'),
    },
    adviseDataFile: absent('data'),
    triggers: {
      list: absent('triggers'),
      setPaused: absent('triggers'),
      reread: absent('triggers'),
      get: absent('triggers'),
      history: absent('triggers'),
      check: absent('triggers'),
      fire: absent('triggers'),
      setTriggerPaused: absent('triggers'),
      ofRun: absent('triggers'),
    },
    modelImports: { start: absent('imports of models') },
    batchPredictions: { start: absent('batch predictions') },
    backtests: {
      start: absent('back-tests'),
      list: absent('back-tests'),
      get: absent('back-tests'),
      change: absent('back-tests'),
      remove: absent('back-tests'),
      defaults: absent('back-tests'),
    },
    upkeep: {
      settings: absent('settings'),
      changeSettings: absent('settings'),
      diskUse: absent('settings'),
      previewCleanUp: absent('settings'),
      cleanUp: absent('settings'),
      diagnostics: absent('settings'),
    },
    doctor: { start: absent('settings'), latest: absent('settings') },
    rotateToken: absent('settings'),
    infrastructure: { budget: absent('budgets'), changeBudget: absent('budgets'), list: absent('checks') },
    rollouts: {
      list: absent('rollouts'),
      get: absent('rollouts'),
      start: absent('rollouts'),
      promote: absent('rollouts'),
      abort: absent('rollouts'),
    },
    online: {
      list: absent('online features'),
      materialize: absent('online features'),
      ofEndpoint: absent('online features'),
    },
    runs: {
      start: absent('runs'),
      list: () => ({ items: [], total: 0 }),
      facets: absent('runs'),
      compare: absent('runs'),
      plan: absent('runs'),
      get: absent('runs'),
      record: absent('runs'),
      cancel: absent('runs'),
      retry: absent('runs'),
      log: absent('runs'),
      metrics: absent('runs'),
    },
    runViews: { list: () => [], save: absent('views'), rename: absent('views'), remove: absent('views') },
    reproductions: { start: absent('runs'), list: absent('runs'), get: absent('runs'), cancel: absent('runs') },
    artifacts: { get: absent('artifacts'), files: absent('artifacts') },
    registry: {
      listModels: () => [],
      getModel: absent('models'),
      listVersions: absent('models'),
      history: absent('models'),
      describe: absent('models'),
      moveAlias: absent('models'),
      removeAlias: absent('models'),
    },
    lineage: { trace: absent('lineage'), neighbours: absent('lineage'), openLineage: absent('lineage') },
    approvals: { get: absent('approvals'), list: absent('approvals') },
    approver: { decide: absent('approvals') },
    rollBacks: { rollBack: absent('lineage') },
    versions: { get: absent('models'), card: absent('models') },
    endpoints: { list: () => [], get: absent('endpoints'), listRevisions: absent('endpoints') },
    deployments: { deploy: absent('endpoints'), rollBack: absent('endpoints') },
    access: {
      get: absent('endpoints'),
      change: absent('endpoints'),
      addKey: absent('endpoints'),
      revokeKey: absent('endpoints'),
    },
    predictions: { predict: absent('endpoints'), explain: absent('endpoints'), feedback: absent('endpoints') },
    requests: {
      page: absent('endpoints'),
      details: absent('endpoints'),
      sql: absent('endpoints'),
      performance: absent('endpoints'),
      importLabels: absent('endpoints'),
      log: absent('endpoints'),
      change: absent('endpoints'),
    },
    traffic: { of: absent('endpoints') },
    trafficHistory: { of: absent('endpoints') },
    monitors: {
      list: absent('monitors'),
      get: absent('monitors'),
      check: absent('monitors'),
      history: absent('monitors'),
      evidence: absent('monitors'),
    },
    alerts: { list: absent('alerts'), get: absent('alerts'), acknowledge: absent('alerts'), retry: absent('alerts') },
    webhooks: { list: absent('alerts'), put: absent('alerts'), remove: absent('alerts') },
    timelines: { of: absent('timelines') },
    deliverer: { testWebhook: absent('alerts') },
    ...changes,
  }
}

export interface TestServer extends ControlServer {
  readonly events: EventBus
  readonly port: number
}

interface TestServerOptions {
  readonly services?: Partial<ControlServices>
  readonly uiPath?: string
  readonly logger?: Logger
  readonly metrics?: () => string
  readonly eventStream?: EventStreamOptions
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { services, logger = silentLogger, ...rest } = options
  const events = new EventBus((error) => {
    throw error
  })
  const handlers = createHandlers(memoryServices(services), '0.0.0')
  const server = await startControlServer({ ...rest, handlers, events, token: () => token, port: 0, logger })
  return { ...server, events, port: Number(new URL(server.url).port) }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON. */
  json(): unknown
}

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** The path goes out as it is, dots and escapes included, which `fetch` would tidy away. */
export function send(
  server: TestServer,
  path: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(
      { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text),
          })
        })
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

export const withToken = { authorization: `Bearer ${token}` }
export const withJson = { ...withToken, 'content-type': 'application/json' }

export function runChanged(id: string): EngineEvent & { run: RunSummary } {
  return {
    type: 'run-changed',
    at: 1,
    run: {
      id,
      projectId: 'p1',
      pipeline: 'train',
      pipelineVersion: 'v',
      status: 'running',
      startedBy: 'api',
      createdAt: 1,
      startedAt: 1,
      finishedAt: null,
      stepsTotal: 1,
      stepsDone: 0,
      metrics: {},
      error: null,
    },
  }
}
