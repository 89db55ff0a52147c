import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { CodeDiffProps, CodeEditorProps } from './code-editor-canvas.tsx'

const Editor = lazy(() => import('./code-editor-canvas.tsx').then((module) => ({ default: module.CodeEditorCanvas })))
const Diff = lazy(() => import('./code-editor-canvas.tsx').then((module) => ({ default: module.CodeDiffCanvas })))

/** An editor for YAML or SQL that fills its parent. Its library is fetched when the first one is shown. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton height="100%" radius={0} />}>
      <Editor {...props} />
    </Suspense>
  )
}

/** What changed between two texts, line by line, to read. */
export function CodeDiff(props: CodeDiffProps) {
  return (
    <Suspense fallback={<Skeleton height="100%" radius={0} />}>
      <Diff {...props} />
    </Suspense>
  )
}
