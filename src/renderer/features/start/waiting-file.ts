/** A file that a person gave to the page in a browser, on its way to the engine. */
import { create } from 'zustand'

export const useWaitingFile = create<{ file: File | undefined }>(() => ({ file: undefined }))

export function setWaitingFile(file: File | undefined): void {
  useWaitingFile.setState({ file })
}
