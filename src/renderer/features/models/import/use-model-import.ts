import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call } from '../../../lib/api.ts'
import { uploadFile } from '../../start/upload.ts'
import { type ImportForm, importBody } from './import-request.ts'

/** Sends the file, once however often the import is tried, and starts the run that makes it a version. */
export function useModelImport() {
  const [fraction, setFraction] = useState<number>()
  const sent = useRef<{ file: File; path: string }>(undefined)
  const abort = useRef<AbortController>(undefined)

  async function send(file: File): Promise<string> {
    if (sent.current?.file === file) return sent.current.path
    setFraction(0)
    abort.current = new AbortController()
    try {
      const path = await uploadFile(file, { signal: abort.current.signal, onProgress: setFraction })
      sent.current = { file, path }
      return path
    } finally {
      setFraction(undefined)
    }
  }
  const start = useMutation({
    mutationFn: async ({ file, form }: { file: File; form: ImportForm }) =>
      call('importModel', { params: { name: form.model }, body: importBody(form, await send(file)) }),
  })
  return { start, fraction, cancel: () => abort.current?.abort() }
}
