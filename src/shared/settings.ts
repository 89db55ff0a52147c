/** What can be set for a home, what its disk holds, and what helps to find a fault. */
import { z } from 'zod'
import { instantSchema } from './names.ts'

const portSchema = z.number().int().min(1_024).max(65_535)

export const homeSettingsSchema = z.object({
  /** Of the control API and the pages, where the command line names no other. */
  controlPort: portSchema,
  /** Of the inference server, where the command line names no other. */
  inferencePort: portSchema,
  /** How long runs that have ended are kept, with their logs, metrics and artifacts; null: for ever. */
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
  /** What the step cache may hold of runs that are no longer kept; null: no limit. */
  maxCacheBytes: z.number().int().min(0).nullable(),
})
export type HomeSettings = z.infer<typeof homeSettingsSchema>

/** Only what is given changes. */
export const settingsChangeSchema = homeSettingsSchema.partial()
export type SettingsChange = z.infer<typeof settingsChangeSchema>

export const defaultHomeSettings: HomeSettings = {
  controlPort: 4870,
  inferencePort: 4871,
  retentionDays: null,
  maxCacheBytes: 10_000_000_000,
}

const portUseSchema = z.object({
  /** Null while the server does not run. */
  inUse: z.number().int().nullable(),
  afterRestart: z.number().int(),
  /** True where the command line chose the port in use: then it does so again after a restart by the same command. */
  fromCommandLine: z.boolean(),
})

export const settingsStateSchema = z.object({
  settings: homeSettingsSchema,
  ports: z.object({ control: portUseSchema, inference: portUseSchema }),
})
export type SettingsState = z.infer<typeof settingsStateSchema>

export const diskKinds = ['database', 'artifacts', 'caches', 'uploads', 'samples', 'logs', 'other'] as const

export const diskUseSchema = z.object({
  at: instantSchema,
  totalBytes: z.number().int(),
  /** Free on the disk of the home. */
  freeBytes: z.number().int(),
  kinds: z.array(z.object({ kind: z.enum(diskKinds), bytes: z.number().int() })),
  /** Artifacts by the project whose runs made them; what several made counts for the first. */
  projects: z.array(
    z.object({ projectId: z.string(), name: z.string(), runs: z.number().int(), artifactBytes: z.number().int() }),
  ),
  /** What cleaning up now would free. */
  reclaimableBytes: z.number().int(),
  /** Runs that are older than the settings keep them. */
  expiredRuns: z.number().int(),
})
export type DiskUse = z.infer<typeof diskUseSchema>

export const cleanUpReportSchema = z.object({
  removedRuns: z.number().int(),
  removedArtifacts: z.number().int(),
  freedBytes: z.number().int(),
})
export type CleanUpReport = z.infer<typeof cleanUpReportSchema>

/** What a clean-up would remove now, exactly; lists hold the first of each. */
export const cleanUpPreviewSchema = z.object({
  at: instantSchema,
  runCount: z.number().int(),
  runs: z.array(z.object({ id: z.string(), pipeline: z.string(), projectId: z.string(), finishedAt: instantSchema })),
  artifactCount: z.number().int(),
  artifacts: z.array(
    z.object({ hash: z.string(), type: z.string(), bytes: z.number().int(), createdAt: instantSchema }),
  ),
  cacheEntries: z.number().int(),
  fileCount: z.number().int(),
  /** Of the disk: files that remaining artifacts share are not among them. */
  freedBytes: z.number().int(),
})
export type CleanUpPreview = z.infer<typeof cleanUpPreviewSchema>

export const checkSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
})
export type Check = z.infer<typeof checkSchema>

/** To attach to a bug report: holds no data, no token, and no path outside the home in full. */
export const diagnosticsSchema = z.object({
  at: instantSchema,
  version: z.string(),
  versions: z.record(z.string(), z.string()),
  platform: z.object({
    os: z.string(),
    release: z.string(),
    architecture: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number().int(),
  }),
  startedAt: instantSchema,
  settings: settingsStateSchema,
  checks: z.array(checkSchema),
  counts: z.record(z.string(), z.number().int()),
  /** The last lines of the engine's log. */
  log: z.array(z.string()),
})
export type Diagnostics = z.infer<typeof diagnosticsSchema>
