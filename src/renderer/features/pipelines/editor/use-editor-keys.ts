import { useEffect, useRef } from 'react'
import type { PipelineEditor } from './use-pipeline-editor.ts'

/** Save everywhere; undo and redo outside of fields, which have their own. */
export function useEditorKeys({ session, disk }: PipelineEditor): void {
  const latest = useRef({ session, disk })
  latest.current = { session, disk }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const { session, disk } = latest.current
      if (key === 's') void disk.save()
      else if (isText(event.target)) return
      else if (key === 'z' && !event.shiftKey) session.undo()
      else if (key === 'y' || key === 'z') session.redo()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
