/** Keeps the stored triggers equal to the pipeline files. Reads only files that changed. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '#shared/projects.ts'
import { parseYamlFile } from '../kernel/yaml-file.ts'
import { pipelineFile } from '../pipelines/project-folder.ts'
import { pipelineSpecSchema } from '../pipelines/spec.ts'
import type { TriggerStore } from './trigger-store.ts'

export class TriggerFiles {
  readonly #triggers: TriggerStore
  /** Path of a file to what its text was known by when it was read. */
  #seen = new Map<string, string>()

  constructor(triggers: TriggerStore) {
    this.#triggers = triggers
  }

  /** Forgets what was read: the next look reads every file. */
  forget(): void {
    this.#seen = new Map()
  }

  /** Returns whether any trigger changed. A file that cannot be read leaves its triggers as they were. */
  async update(projects: readonly Project[], now: number): Promise<boolean> {
    let changed = this.#triggers.forgetHidden()
    const before = this.#seen
    // Only what is there now: a file that comes back is read again.
    const seen = new Map<string, string>()
    for (const project of projects) {
      if (!project.available) continue
      if (this.#triggers.keepOnly(project.id, project.pipelines)) changed = true
      for (const pipeline of project.pipelines) {
        const path = join(project.path, pipelineFile(pipeline))
        const state = await stateOf(path)
        if (state !== before.get(path) && (await this.#readFile(project.id, pipeline, path, now))) changed = true
        if (state !== undefined) seen.set(path, state)
      }
    }
    this.#seen = seen
    return changed
  }

  async #readFile(projectId: string, pipeline: string, path: string, now: number): Promise<boolean> {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) return false
    const parsed = parseYamlFile(text, pipelineFile(pipeline), pipelineSpecSchema)
    return parsed.ok && this.#triggers.replace(projectId, pipeline, parsed.value.triggers, now)
  }
}

/** What a changed file differs in; undefined where there is no file. */
async function stateOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && `${found.mtimeMs} ${found.size} ${found.ino}`
}
