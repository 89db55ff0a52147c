import type { Examination } from '#shared/doctor.ts'
import type { Project } from '#shared/projects.ts'
import type { settingsRoutes } from '#shared/routes/settings.ts'
import type {
  CleanUpPreview,
  CleanUpReport,
  Diagnostics,
  DiskUse,
  SettingsChange,
  SettingsState,
} from '#shared/settings.ts'
import type { HandlersOf } from '../requests.ts'

export interface SettingsService {
  settings(): SettingsState
  changeSettings(change: SettingsChange): SettingsState
  diskUse(): Promise<DiskUse>
  previewCleanUp(): Promise<CleanUpPreview>
  cleanUp(): Promise<CleanUpReport>
  diagnostics(): Promise<Diagnostics>
}

/** A new token in the place of the one that was valid until now. */
export type RotateToken = () => string

export interface TrustService {
  setTrusted(id: string, trusted: boolean): Promise<Project>
}

export interface DoctorService {
  start(repairs: boolean): Examination
  latest(): Examination
}

export function settingsHandlers(
  upkeep: SettingsService,
  rotateToken: RotateToken,
  projects: TrustService,
  doctor: DoctorService,
) {
  return {
    getSettings: () => upkeep.settings(),
    putSettings: ({ body }) => upkeep.changeSettings(body),
    getDiskUse: () => upkeep.diskUse(),
    previewCleanUp: () => upkeep.previewCleanUp(),
    cleanUp: () => upkeep.cleanUp(),
    startExamination: ({ body }) => doctor.start(body.repair),
    getExamination: () => doctor.latest(),
    rotateToken: () => ({ token: rotateToken() }),
    trustProject: ({ params, body }) => projects.setTrusted(params.id, body.trusted),
    getDiagnostics: () => upkeep.diagnostics(),
  } satisfies HandlersOf<keyof typeof settingsRoutes>
}
