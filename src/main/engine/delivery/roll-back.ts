/**
 * Goes back to an earlier version: of a model by moving its champion, of a pipeline or feature view by an edit of its file,
 * committed where the folder is under git. What is replaced is kept, so that the way back stays open.
 */
import { ledgerText } from '#shared/ledger-reasons.ts'
import type { CommitInfo } from '#shared/pipelines.ts'
import type { RollBack, RollBackRequest } from '#shared/roll-back.ts'
import { featureViewVersions, saveFeatureViewText } from '../features/view-texts.ts'
import { featureViewFile, parseFeatureView } from '../features/views.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Authoring } from '../pipelines/authoring.ts'
import { savePipelineText } from '../pipelines/pipeline-texts.ts'
import { pipelineVersionOf } from '../pipelines/pipeline-version.ts'
import { pipelineFile } from '../pipelines/project-folder.ts'
import { committedTexts } from '../pipelines/project-git.ts'
import type { Projects } from '../pipelines/projects.ts'
import { championAlias, type Registry } from '../registry/registry.ts'
import type { Store } from '../store/store.ts'

export interface RollBackParts {
  readonly store: Store
  readonly projects: Pick<Projects, 'folder'>
  readonly authoring: Pick<Authoring, 'versions' | 'readFile' | 'writeFile' | 'git' | 'commit'>
  readonly registry: Pick<Registry, 'resolve' | 'tryResolve' | 'moveAlias'>
  readonly clock: Clock
}

interface KnownText {
  readonly version: string
  readonly text: string
}

export class RollBacks {
  readonly #parts: RollBackParts

  constructor(parts: RollBackParts) {
    this.#parts = parts
  }

  /** @throws EsteiraError where there is no such thing or version, `conflict` where the file changed meanwhile */
  async rollBack(request: RollBackRequest, actor: string): Promise<RollBack> {
    return request.kind === 'model' ? this.#model(request, actor) : await this.#file(request, request.kind)
  }

  #model({ name, to, reason, dryRun }: RollBackRequest, actor: string): RollBack {
    const { registry } = this.#parts
    const now = registry.tryResolve(`${name}@${championAlias}`)
    const wanted = registry.resolve(`${name}/${to}`)
    const words = ({ version, metrics }: { version: number; metrics: Record<string, number> }) =>
      `${name}@${championAlias}: version ${version}\n${Object.entries(metrics)
        .map(([metric, value]) => `${metric}: ${value}\n`)
        .join('')}`
    const applied = !dryRun && now?.version !== wanted.version
    if (applied) {
      const why = reason || ledgerText({ kind: 'rolled-back-from', version: now?.version ?? null })
      registry.moveAlias({ model: name, alias: championAlias, version: wanted.version, actor, reason: why })
    }
    return {
      ...{ kind: 'model', name, from: now === undefined ? null : String(now.version), to: String(wanted.version) },
      ...{ file: null, before: now === undefined ? '' : words(now), after: words(wanted), applied, commit: null },
    }
  }

  async #file(request: RollBackRequest, kind: 'pipeline' | 'feature-view'): Promise<RollBack> {
    const { name, to, dryRun, reason } = request
    const { projectId } = request
    if (projectId === undefined) {
      throw new EsteiraError('invalid-request', 'The project is not named.', { where: 'projectId' })
    }
    const file = kind === 'pipeline' ? pipelineFile(name) : featureViewFile(name)
    const current = await this.#parts.authoring.readFile(projectId, file).catch((error: unknown) => {
      if (error instanceof EsteiraError && error.code === 'not-found') return undefined
      throw error
    })
    const versionOf = kind === 'pipeline' ? pipelineVersionOf : viewVersionOf(file)
    const known = await this.#known(kind, projectId, name, file, current?.text)
    const wanted = known.find(({ version }) => version === to)
    if (wanted === undefined) {
      throw new EsteiraError(
        'not-found',
        `The ${kind === 'pipeline' ? 'pipeline' : 'feature view'} "${name}" has no version "${to}".`,
        {
          where: file,
          found: to,
          allowed: known.map(({ version }) => version).join(', ') || 'none that is known',
        },
      )
    }
    const from = current === undefined ? null : (versionOf(current.text) ?? null)
    const applied = !dryRun && current?.text !== wanted.text
    if (applied) {
      if (current !== undefined && from !== null) this.#keep(kind, projectId, name, from, current.text)
      await this.#parts.authoring.writeFile(projectId, {
        path: file,
        text: wanted.text,
        expected: current?.sha256 ?? null,
      })
    }
    const message = `Roll ${file} back to ${to}${reason === '' ? '' : `\n\n${reason}`}`
    const commit = applied ? await this.#commit(projectId, file, message) : null
    return { kind, name, from, to, file, before: current?.text ?? '', after: wanted.text, applied, commit }
  }

  async #known(
    kind: 'pipeline' | 'feature-view',
    projectId: string,
    name: string,
    file: string,
    text: string | undefined,
  ): Promise<readonly KnownText[]> {
    if (kind === 'pipeline') return await this.#parts.authoring.versions(projectId, name)
    const version = text === undefined ? undefined : viewVersionOf(file)(text)
    const current = text === undefined || version === undefined ? null : { version, text, at: this.#parts.clock() }
    const used = featureViewVersions(this.#parts.store, { projectId, view: name, current })
    const committed = await committedTexts(this.#parts.projects.folder(projectId), file)
    const others = committed.flatMap((one) => {
      const found = viewVersionOf(file)(one.text)
      return found === undefined ? [] : [{ version: found, text: one.text }]
    })
    return [...used, ...others.filter((one) => !used.some((each) => each.version === one.version))]
  }

  /** A text that no run used and no commit holds would be lost. */
  #keep(kind: 'pipeline' | 'feature-view', projectId: string, name: string, version: string, text: string): void {
    const { store, clock } = this.#parts
    if (kind === 'pipeline') savePipelineText(store, { projectId, pipeline: name, version, text }, clock())
    else saveFeatureViewText(store, { projectId, view: name, version, text }, clock())
  }

  async #commit(projectId: string, file: string, message: string): Promise<CommitInfo | null> {
    const { authoring } = this.#parts
    const { repository, changed } = await authoring.git(projectId)
    return repository && changed.includes(file) ? await authoring.commit(projectId, { paths: [file], message }) : null
  }
}

/** Undefined for a text that is no valid view. */
function viewVersionOf(file: string): (text: string) => string | undefined {
  return (text) => {
    const parsed = parseFeatureView(text, file)
    return parsed.ok ? parsed.view.version : undefined
  }
}
