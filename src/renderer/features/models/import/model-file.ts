/** The ONNX file that a person chose or dropped, until it is brought in. */
import { create } from 'zustand'

export const useModelFile = create<{ file: File | undefined }>(() => ({ file: undefined }))

export function setModelFile(file: File | undefined): void {
  useModelFile.setState({ file })
}

/** Where it is brought in. */
export const modelImportAddress = '/models?import=onnx'
