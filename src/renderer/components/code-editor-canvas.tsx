import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type SQLNamespace, sql } from '@codemirror/lang-sql'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { unifiedMergeView } from '@codemirror/merge'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state'
import { Decoration, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileProblem } from '#shared/errors.ts'
import { changeBetween, diagnosticsOf } from './code-editor-changes.ts'
import { editorLook, highlightStyle } from './code-editor-look.ts'

export interface CodeEditorProps {
  /** Names the editor for screen readers. */
  label: string
  language: 'yaml' | 'sql'
  value: string
  onChange?: (value: string) => void
  /** Ctrl/Cmd+Enter, e.g. to run a query. */
  onSubmit?: () => void
  /** The line that the cursor moved to, counted from 1. */
  onLine?: (line: number) => void
  readOnly?: boolean
  problems?: readonly FileProblem[]
  /** Lines to mark and bring into view, counted from 1, both ends included. */
  marked?: { readonly from: number; readonly to: number } | undefined
  /** Tables and their columns, for completion of SQL. */
  tables?: Readonly<Record<string, readonly string[]>>
}

/** Marks a change that came from outside, so that it is not reported back. */
const fromOutside = Annotation.define<boolean>()

function languageOf({ language, tables }: Pick<CodeEditorProps, 'language' | 'tables'>): Extension {
  if (language === 'yaml') return yaml()
  const schema: SQLNamespace = Object.fromEntries(
    Object.entries(tables ?? {}).map(([name, names]) => [name, [...names]]),
  )
  return sql({ schema, upperCaseKeywords: false })
}

const basics: Extension = [
  lineNumbers(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  syntaxHighlighting(highlightStyle),
  editorLook,
]
const keys = keymap.of([
  ...closeBracketsKeymap,
  ...defaultKeymap,
  ...searchKeymap,
  ...historyKeymap,
  ...completionKeymap,
])

export function CodeEditorCanvas(props: CodeEditorProps) {
  const { label, value, problems = [], marked, readOnly = false, language, tables } = props
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef(props)
  latest.current = props
  const grammar = useRef(new Compartment())
  const marks = useRef(new Compartment())

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is dispatched below
  useEffect(() => {
    const parent = box.current
    if (parent === null) return
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        extensions: [
          keymap.of([{ key: 'Mod-Enter', run: () => submit(latest.current.onSubmit) }]),
          basics,
          keys,
          lintGutter(),
          grammar.current.of(languageOf({ language, ...(tables && { tables }) })),
          marks.current.of([]),
          EditorState.readOnly.of(readOnly),
          // A person reaches by keyboard what scrolls.
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((one) => one.annotation(fromOutside)))
              latest.current.onChange?.(update.state.doc.toString())
            if (update.selectionSet)
              latest.current.onLine?.(update.state.doc.lineAt(update.state.selection.main.head).number)
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [readOnly, label])

  useEffect(() => {
    const editor = view.current
    if (editor === undefined) return
    const change = changeBetween(editor.state.doc.toString(), value)
    if (change !== undefined) editor.dispatch({ changes: change, annotations: fromOutside.of(true) })
  }, [value])
  useEffect(() => {
    const editor = view.current
    if (editor !== undefined) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(problems, editor.state.doc)))
  }, [problems])
  useEffect(() => {
    view.current?.dispatch({
      effects: grammar.current.reconfigure(languageOf({ language, ...(tables && { tables }) })),
    })
  }, [language, tables])
  useEffect(() => {
    const editor = view.current
    if (editor !== undefined) markLines(editor, marks.current, marked)
  }, [marked?.from, marked?.to, marked])
  return <div ref={box} className="code-editor" style={{ height: '100%', minHeight: 0 }} />
}

function submit(onSubmit: (() => void) | undefined): boolean {
  onSubmit?.()
  return onSubmit !== undefined
}

const lineMark = Decoration.line({ class: 'code-marked' })

function markLines(editor: EditorView, marks: Compartment, marked: CodeEditorProps['marked']): void {
  const { doc } = editor.state
  if (marked === undefined || marked.from > doc.lines) {
    editor.dispatch({ effects: marks.reconfigure([]) })
    return
  }
  const last = Math.min(marked.to, doc.lines)
  const lines = Array.from({ length: last - marked.from + 1 }, (_, index) =>
    lineMark.range(doc.line(marked.from + index).from),
  )
  const first = doc.line(marked.from).from
  editor.dispatch({
    effects: [
      marks.reconfigure(EditorView.decorations.of(Decoration.set(lines))),
      ...(editor.hasFocus ? [] : [EditorView.scrollIntoView(first, { y: 'nearest', yMargin: 40 })]),
    ],
  })
}

export interface CodeDiffProps {
  label: string
  language: 'yaml' | 'sql'
  before: string
  after: string
}

export function CodeDiffCanvas({ label, language, before, after }: CodeDiffProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  // In the words of the library; the dollar sign stands for the number.
  const unchanged = t('common.unchangedLines')
  useEffect(() => {
    const parent = box.current
    if (parent === null) return
    const editor = new EditorView({
      parent,
      doc: after,
      extensions: [
        EditorState.phrases.of({ '$ unchanged lines': unchanged }),
        lineNumbers(),
        syntaxHighlighting(highlightStyle),
        editorLook,
        languageOf({ language }),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          gutter: true,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    })
    return () => editor.destroy()
  }, [before, after, language, label, unchanged])
  return <div ref={box} className="code-editor" style={{ height: '100%', minHeight: 0 }} />
}
