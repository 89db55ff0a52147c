/** The one place that names what is cached. Events and pages both go through it. */
export const queryKeys = {
  engine: ['engine'],
  projects: ['projects'],
  pipelines: (projectId: string) => ['pipelines', projectId],
  /** The first runs, for the overview. */
  latestRuns: ['runs', 'latest'],
  /** The runs table, page by page; a list keeps its place while runs come, so it is not among `runs`. */
  runPages: ['run-pages'],
  runs: ['runs'],
  run: (id: string) => ['run', id],
  runLog: (id: string) => ['run-log', id],
  runMetrics: (id: string) => ['run-metrics', id],
  models: ['models'],
  /** Everything that hangs on a model; the keys below begin with it. */
  ofModel: (name: string) => ['model', name],
  model: (name: string) => ['model', name, 'self'],
  modelVersions: (name: string) => ['model', name, 'versions'],
  aliasMoves: (name: string) => ['model', name, 'alias-moves'],
  approvals: ['approvals'],
  /** Lists, single ones, and how many are open. */
  alerts: ['alerts'],
  timelines: ['timeline'],
  timeline: (endpoint: string) => ['timeline', endpoint],
  endpoints: ['endpoints'],
  endpointBudget: (endpoint: string) => ['endpoint-budget', endpoint],
  infrastructureChecks: (endpoint: string) => ['infrastructure-checks', endpoint],
  /** How other machines may ask endpoints. */
  outside: ['outside'],
  endpointAccess: (endpoint: string) => ['endpoint-access', endpoint],
  /** The logged requests of an endpoint; the keys of pages and single ones begin with it. */
  requests: (endpoint: string) => ['requests', endpoint],
  requestLog: (endpoint: string) => ['request-log', endpoint],
  revisions: (endpoint: string) => ['revisions', endpoint],
  rollouts: (endpoint: string) => ['rollouts', endpoint],
  triggers: ['triggers'],
  /** Lists of back-tests, single ones, and what one would do unasked. */
  backtests: ['backtests'],
  diskUse: ['disk-use'],
  /** Whether the home is being cleaned up, as events tell. */
  cleanUp: ['clean-up'],
  endpointFeatures: (endpoint: string, revision: number) => ['endpoint-features', endpoint, String(revision)],
  onlineViews: (projectId: string, view: string) => ['online-views', projectId, view],
  /** Lists of monitors and the histories of their checks. */
  monitors: ['monitors'],
  readingEvidence: (id: string) => ['reading-evidence', id],
  traffic: (endpoint: string) => ['traffic', endpoint],
  trafficHistory: (endpoint: string, span: string) => ['traffic-history', endpoint, span],
} as const
