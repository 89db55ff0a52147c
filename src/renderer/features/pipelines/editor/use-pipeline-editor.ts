/** The editor of one pipeline file: the draft session, the file on disk, and what is selected, for all parts of the page. */
import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { FileProblem } from '#shared/errors.ts'
import type {
  ComponentInfo,
  DraftStep,
  LineRange,
  PipelineDraft,
  PipelineEdit,
  ProjectTextFile,
} from '#shared/pipelines.ts'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import type { Catalogue } from '../canvas/connection.ts'
import { askForDraft, useProjectFile, useProjectFiles } from '../queries.ts'
import { createDraftSession, type DraftSession } from './draft-session.ts'
import { problemsByStep } from './selection.ts'
import { keepUnsaved, readUnsaved } from './unsaved-draft.ts'

export interface EditorRequest {
  readonly projectId: string
  readonly name: string
  /** As it was when the page opened. */
  readonly file: ProjectTextFile
  readonly components: readonly ComponentInfo[]
  readonly catalogue: Catalogue
}

export interface PipelineEditor extends EditorRequest {
  readonly session: DraftSession
  readonly text: string
  readonly draft: PipelineDraft | undefined
  readonly steps: readonly DraftStep[]
  readonly outdated: boolean
  readonly failure: unknown
  readonly problems: readonly FileProblem[]
  readonly problemsOf: ReadonlyMap<string, readonly FileProblem[]>
  readonly selected: DraftStep | undefined
  select(step: string | undefined): void
  /** Lines to bring into view in the text, such as those of a problem; else those of the selected step. */
  readonly marked: LineRange | undefined
  showLine(line: number): void
  /** Makes changes. Those of the same `merge` in quick succession are taken back together. */
  edit(edits: readonly PipelineEdit[], merge?: string): Promise<PipelineDraft | undefined>
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly disk: DiskState
}

export interface DiskState {
  readonly dirty: boolean
  readonly saving: boolean
  /** Another text that the file on disk holds by now. */
  readonly theirs: ProjectTextFile | undefined
  /** The text is one that was left unsaved before. */
  readonly restored: boolean
  /** True once the file holds the text. */
  save(): Promise<boolean>
  revert(): void
  takeTheirs(): void
  keepMine(): Promise<boolean>
  dismissRestored(): void
}

const EditorContext = createContext<PipelineEditor | undefined>(undefined)
export const EditorProvider = EditorContext.Provider

export function useEditor(): PipelineEditor {
  const editor = useContext(EditorContext)
  if (editor === undefined) throw new Error('No pipeline is being edited here.')
  return editor
}

export function usePipelineEditor(request: EditorRequest): PipelineEditor {
  const { projectId, name, file } = request
  const [unsaved] = useState(() => readUnsaved(sessionStorage, projectId, file.path))
  const session = useSession(projectId, name, file.text, unsaved?.text)
  const { history, draft, outdated, failure } = useStore(session.store)
  const text = history.present
  const disk = useDisk({ request, session, text, unsavedFrom: unsaved?.text === file.text ? undefined : unsaved?.from })
  const [selectedName, select] = useSearchParam('step')
  const [line, setLine] = useState<number>()
  const steps = draft?.steps ?? none
  const problems = draft?.problems ?? none
  const problemsOf = useMemo(() => problemsByStep(steps, problems), [steps, problems])
  const selected = steps.find((step) => step.name === selectedName)
  return {
    ...request,
    session,
    text,
    draft,
    steps,
    outdated,
    failure,
    problems,
    problemsOf,
    selected,
    select(step) {
      setLine(undefined)
      if (step !== selectedName) select(step)
    },
    marked: line === undefined ? selected?.lines : { from: line, to: line },
    showLine: setLine,
    edit: session.apply,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    disk,
  }
}
const none: readonly never[] = []

function useSession(projectId: string, name: string, text: string, unsaved: string | undefined): DraftSession {
  const [session] = useState(() => {
    const onFailure = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })
    const made = createDraftSession({ text, ask: askForDraft(projectId, name), onFailure })
    if (unsaved !== undefined && unsaved !== text) made.replace(unsaved)
    return made
  })
  useEffect(() => session.stop, [session])
  return session
}

interface DiskRequest {
  request: EditorRequest
  session: DraftSession
  text: string
  /** The hash of the file that a restored text began from. */
  unsavedFrom: string | undefined
}

/** The file on disk beside the text: saving, and what to do where both changed. */
function useDisk({ request, session, text, unsavedFrom }: DiskRequest): DiskState {
  const { t } = useTranslation()
  const { projectId, file } = request
  const files = useProjectFiles(projectId)
  const onDisk = useProjectFile(projectId, file.path).data ?? file
  const [base, setBase] = useState<ProjectTextFile>(() => ({ ...file, sha256: unsavedFrom ?? file.sha256 }))
  const [saving, setSaving] = useState(false)
  const [restored, setRestored] = useState(unsavedFrom !== undefined)
  const dirty = text !== base.text
  const changedOnDisk = onDisk.sha256 !== base.sha256 && !saving
  const theirs = changedOnDisk && onDisk.text !== text ? onDisk : undefined

  useEffect(() => {
    keepUnsaved(sessionStorage, projectId, file.path, dirty ? { text, from: base.sha256 } : undefined)
  }, [projectId, file.path, dirty, text, base.sha256])
  useEffect(() => {
    // Nothing of one's own is lost where the file is simply followed; and two equal texts are no conflict.
    if (!changedOnDisk || (dirty && onDisk.text !== text)) return
    setBase(onDisk)
    session.replace(onDisk.text)
  }, [changedOnDisk, dirty, onDisk, text, session])

  async function write(expected: string): Promise<boolean> {
    setSaving(true)
    try {
      setBase(await files.write(file.path, session.store.getState().history.present, expected))
      setRestored(false)
      return true
    } catch (error) {
      const problem = problemOf(error)
      if (problem.code === 'conflict') await files.read(file.path).catch(() => undefined)
      showToast({ text: problem.code === 'conflict' ? t('pipelines.conflict') : problem.detail, tone: 'bad' })
      return false
    } finally {
      setSaving(false)
    }
  }
  const running = useRef<Promise<boolean>>(undefined)
  return {
    dirty,
    saving,
    theirs,
    restored: restored && dirty,
    save() {
      if (!dirty) return Promise.resolve(true)
      running.current ??= write(base.sha256).finally(() => {
        running.current = undefined
      })
      return running.current
    },
    revert: () => session.replace(base.text),
    takeTheirs() {
      setBase(onDisk)
      session.replace(onDisk.text)
    },
    keepMine: () => write(onDisk.sha256),
    dismissRestored: () => setRestored(false),
  }
}
