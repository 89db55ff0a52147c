/** Sends a data file to the engine, from a browser that knows no paths. */

import { ApiError } from '#shared/client.ts'
import { problemSchema } from '#shared/errors.ts'
import { uploadAnswerSchema, uploadPath } from '#shared/routes/data.ts'
import { authorization } from '../../lib/api.ts'

interface UploadOptions {
  readonly signal: AbortSignal
  /** From 0 to 1. */
  onProgress(fraction: number): void
}

/** The file's path where the engine keeps it. @throws ApiError, TypeError when the engine does not answer */
export function uploadFile(file: File, { signal, onProgress }: UploadOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // fetch does not tell how far a request body has got.
    const request = new XMLHttpRequest()
    request.open('POST', `${uploadPath}?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    })
    request.addEventListener('load', () => {
      const answer: unknown = JSON.parse(request.responseText)
      if (request.status >= 400) reject(new ApiError(problemSchema.parse(answer)))
      else resolve(uploadAnswerSchema.parse(answer).path)
    })
    request.addEventListener('error', () => reject(new TypeError('The engine did not answer.')))
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled.', 'AbortError')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
