import { projects } from './001-projects.ts'
import { artifacts } from './002-artifacts.ts'
import { runs } from './003-runs.ts'
import { registry } from './004-registry.ts'
import { endpoints } from './005-endpoints.ts'

export interface Migration {
  /** 1, 2, 3 … without gaps. A published migration is never edited: mend with a further one. */
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** Append-only, in order. */
export const migrations: readonly Migration[] = [projects, artifacts, runs, registry, endpoints]
