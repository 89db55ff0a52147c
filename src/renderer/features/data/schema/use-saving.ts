import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '#shared/client.ts'
import { showToast } from '../../../components/toast.tsx'
import { call, problemOf } from '../../../lib/api.ts'
import { dataKeys, useWriteFile } from '../queries.ts'
import type { SchemaWork } from './use-schema-draft.ts'

export interface SavedFile {
  readonly text: string
  readonly sha256: string
}

export interface Saving {
  /** What the file holds as far as is known; null where there is none yet. */
  readonly saved: SavedFile | null
  readonly dirty: boolean
  readonly pending: boolean
  /** The file had changed outside of this page when it was to be saved. */
  readonly conflict: boolean
  readonly error: unknown
  readonly save: () => void
  /** Takes the file's text in place of the one under work, which can be taken back. */
  readonly takeFile: () => void
}

/** Saves the text if the file still is what was read. Where it is not, the file's text is read again to be compared. */
export function useSaving(projectId: string, file: string, initial: SavedFile | null, work: SchemaWork): Saving {
  const { t } = useTranslation()
  const client = useQueryClient()
  const write = useWriteFile(projectId)
  const [saved, setSaved] = useState(initial)
  const [conflict, setConflict] = useState(false)
  const { text } = work.state
  const dirty = saved?.text !== text

  async function readAgain() {
    const now = await call('readProjectFile', { params: { id: projectId }, query: { path: file } })
    client.setQueryData(dataKeys.file(projectId, file), now)
    setSaved(now)
    setConflict(true)
  }
  function save() {
    if (!dirty || write.isPending) return
    write.mutate(
      { path: file, text, expected: saved?.sha256 ?? null },
      {
        onSuccess: (now) => {
          setSaved(now)
          setConflict(false)
          showToast({ text: t('schema.savedNotice', { file }) })
        },
        onError: (error) => {
          if (!(error instanceof ApiError && error.problem.code === 'conflict')) return
          readAgain().catch((cause: unknown) => showToast({ text: problemOf(cause).detail, tone: 'bad' }))
        },
      },
    )
  }
  function takeFile() {
    if (saved !== null) work.type(saved.text)
    setConflict(false)
    write.reset()
  }
  return { saved, dirty, pending: write.isPending, conflict, error: conflict ? null : write.error, save, takeFile }
}
