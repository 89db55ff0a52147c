import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeDiff, CodeEditor } from '../../../components/code-editor.tsx'
import { FileProblems, ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { ProposalsPanel } from './proposals-panel.tsx'
import { SaveBar } from './save-bar.tsx'
import styles from './schema.module.css'
import { columnAtLine } from './schema-edits.ts'
import { SchemaForm } from './schema-form.tsx'
import { keepUnsaved } from './unsaved.ts'
import { type SavedFile, useSaving } from './use-saving.ts'
import { type SchemaWork, useSchemaDraft } from './use-schema-draft.ts'

interface SchemaEditorProps {
  projectId: string
  dataset: string
  file: string
  text: string
  /** What the file holds; null where there is none yet. */
  saved: SavedFile | null
  note?: string | undefined
}

/** A schema as a form and as text, side by side and always the same. */
export function SchemaEditor({ projectId, dataset, file, text, saved, note }: SchemaEditorProps) {
  const { t } = useTranslation()
  const work = useSchemaDraft(projectId, file, text)
  const saving = useSaving(projectId, file, saved, work)
  const [selected, setSelected] = useSearchParam('column')
  const [comparing, setComparing] = useState(false)
  useKept(projectId, file, work.state.text, saving.dirty)

  /** One history for the form and the text: the editor's own never sees these keys. */
  function onKeyDownCapture(event: KeyboardEvent) {
    if (!(event.ctrlKey || event.metaKey)) return
    const key = event.key.toLowerCase()
    const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
    if (key === 's') saving.save()
    else if ((key === 'y' || (key === 'z' && event.shiftKey)) && !inField) work.redo()
    else if (key === 'z' && !inField) work.undo()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section className={styles.editor} onKeyDownCapture={onKeyDownCapture} aria-label={file}>
      <SaveBar
        file={file}
        projectId={projectId}
        work={work}
        saving={saving}
        comparing={comparing}
        onCompare={setComparing}
      />
      {note !== undefined && <p className={styles.note}>{note}</p>}
      {work.state.error !== null && <ProblemAlert problem={problemOf(work.state.error)} />}
      <div className={styles.parts}>
        <div className={styles.form}>
          {saving.saved !== null && <ProposalsPanel projectId={projectId} dataset={dataset} file={file} work={work} />}
          <SchemaForm work={work} selected={selected} onSelect={setSelected} />
        </div>
        <div className={styles.text}>
          {comparing ? (
            <CodeDiff
              label={t('schema.changesIn', { file })}
              language="yaml"
              before={saving.saved?.text ?? ''}
              after={work.state.text}
            />
          ) : (
            <SchemaText file={file} work={work} selected={selected} onSelect={setSelected} />
          )}
        </div>
      </div>
    </section>
  )
}

/** What is not saved outlives the page, and the window asks before it is closed. */
function useKept(projectId: string, file: string, text: string, dirty: boolean) {
  useEffect(() => keepUnsaved(projectId, file, dirty ? text : undefined), [projectId, file, text, dirty])
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
}

interface SchemaTextProps {
  file: string
  work: SchemaWork
  selected: string | undefined
  onSelect: (column: string) => void
}

function SchemaText({ file, work, selected, onSelect }: SchemaTextProps) {
  const { t } = useTranslation()
  const { text, draft } = work.state
  // Lines of an earlier text would mark the wrong ones.
  const current = draft?.text === text ? draft : undefined
  const marked = selected === undefined ? undefined : current?.lines[selected]
  function onLine(line: number) {
    const column = current && columnAtLine(current.lines, line)
    if (column !== undefined && column !== selected) onSelect(column)
  }
  return (
    <>
      <div className={styles.code}>
        <CodeEditor
          label={t('schema.textOf', { file })}
          language="yaml"
          value={text}
          onChange={work.type}
          onLine={onLine}
          problems={draft?.problems ?? []}
          marked={marked}
        />
      </div>
      {draft !== undefined && draft.problems.length > 0 && (
        <div className={styles.problems} role="alert">
          <FileProblems problems={draft.problems} />
        </div>
      )}
    </>
  )
}
