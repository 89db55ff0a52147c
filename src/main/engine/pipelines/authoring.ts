/** What people do to the files of a project from the GUI: read, edit, check, save, commit, look back. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  CommitInfo,
  ComponentInfo,
  PipelineDraft,
  PipelineEdit,
  PipelineVersion,
  ProjectGit,
  ProjectTextFile,
} from '#shared/pipelines.ts'
import type { Parameters } from '#shared/runs.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Store } from '../store/store.ts'
import { describeComponents } from './component-info.ts'
import { draftPipeline } from './draft.ts'
import { runsOfVersion, usedPipelineTexts } from './pipeline-texts.ts'
import { mergeVersions } from './pipeline-versions.ts'
import type { Catalogue } from './planner.ts'
import { pipelineFile, readPipelineText } from './project-folder.ts'
import { commitFiles, committedTexts, initProjectGit, readProjectGit } from './project-git.ts'
import { checkTextPath } from './project-paths.ts'
import type { Projects } from './projects.ts'
import { TextFiles } from './text-files.ts'

/**
 * A draft is read in the engine's own thread, anew after each edit: this many characters in all take about a second. A
 * pipeline of a hundred steps has 10,000.
 */
const maxDraftWork = 400_000

export interface AuthoringOptions {
  readonly projects: Projects
  readonly store: Store
  readonly events: EventBus
  readonly clock: Clock
  readonly catalogue: Catalogue
}

export interface DraftRequest {
  readonly text: string
  readonly edits: readonly PipelineEdit[]
  readonly parameters: Parameters
}

export class Authoring {
  readonly #options: AuthoringOptions
  readonly #files: TextFiles

  constructor(options: AuthoringOptions) {
    this.#options = options
    const { projects, events, clock } = options
    this.#files = new TextFiles({ folderOf: (id) => projects.folder(id), events, clock })
  }

  components(): ComponentInfo[] {
    return describeComponents(this.#options.catalogue)
  }

  /** Nothing is read or saved: the text is the one of the editor, and the pipeline may not exist yet. */
  async draft(projectId: string, pipeline: string, { text, edits, parameters }: DraftRequest): Promise<PipelineDraft> {
    const { projects, catalogue } = this.#options
    projects.folder(projectId)
    const file = pipelineFile(pipeline)
    checkTextPath(file)
    checkDraftSize(text, edits.length, file)
    const surroundings = await projects.surroundings(projectId)
    return draftPipeline(text, edits, { file, catalogue, parameters, surroundings })
  }

  async versions(projectId: string, pipeline: string): Promise<PipelineVersion[]> {
    const { projects, store, clock } = this.#options
    const folder = projects.folder(projectId)
    const file = pipelineFile(pipeline)
    checkTextPath(file)
    const [text, changedAt, committed] = await Promise.all([
      readPipelineText(folder, pipeline).catch((): undefined => undefined),
      stat(join(folder, file)).then(
        ({ mtimeMs }) => Math.floor(mtimeMs),
        () => clock(),
      ),
      committedTexts(folder, file),
    ])
    const used = usedPipelineTexts(store, projectId, pipeline)
    // Says which pipelines there are, where this one is unknown to folder, runs and git alike.
    if (text === undefined && used.length === 0 && committed.length === 0) await readPipelineText(folder, pipeline)
    const runsOf = (version: string) => runsOfVersion(store, { projectId, pipeline, version })
    return mergeVersions({ current: text === undefined ? undefined : { text, changedAt }, used, committed, runsOf })
  }

  readFile(projectId: string, path: string): Promise<ProjectTextFile> {
    return this.#files.read(projectId, path)
  }

  writeFile(
    projectId: string,
    request: { path: string; text: string; expected: string | null },
  ): Promise<ProjectTextFile> {
    return this.#files.write(projectId, request)
  }

  deleteFile(projectId: string, request: { path: string; expected: string }): Promise<void> {
    return this.#files.delete(projectId, request)
  }

  git(projectId: string): Promise<ProjectGit> {
    return readProjectGit(this.#options.projects.folder(projectId))
  }

  async initGit(projectId: string): Promise<ProjectGit> {
    const git = await initProjectGit(this.#options.projects.folder(projectId))
    this.#publish(projectId)
    return git
  }

  async commit(projectId: string, { paths, message }: { paths: string[]; message: string }): Promise<CommitInfo> {
    const commit = await commitFiles(this.#options.projects.folder(projectId), paths, message)
    this.#publish(projectId)
    return commit
  }

  #publish(projectId: string): void {
    const { events, clock } = this.#options
    events.publish({ type: 'project-changed', at: clock(), projectId })
  }
}

function checkDraftSize(text: string, edits: number, file: string): void {
  const allowed = Math.floor(maxDraftWork / (edits + 1))
  if (text.length <= allowed) return
  throw new EsteiraError('body-too-large', 'The pipeline is too large to be checked while it is edited.', {
    where: file,
    found: `${text.length} characters, ${edits} edits`,
    allowed: `up to ${allowed} characters for so many edits`,
    next: 'Send fewer edits at once, or edit the file and check it with "esteira validate".',
  })
}
