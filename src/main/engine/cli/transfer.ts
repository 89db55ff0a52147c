/** Files to and from the engine, streamed: nothing of them is held in memory. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { type IncomingMessage, request as sendRequest } from 'node:http'
import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { ApiError } from '#shared/client.ts'
import { problemSchema } from '#shared/errors.ts'
import { uploadAnswerSchema, uploadPath } from '#shared/routes/data.ts'
import { artifactFilePath } from '#shared/routes/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Connection } from './connect.ts'
import { openResponse } from './http.ts'

type Engine = Pick<Connection, 'controlUrl' | 'token'>

/** Gives the engine a file; the answer is its path there. @throws EsteiraError `invalid-usage`, ApiError */
export async function uploadFile({ controlUrl, token }: Engine, path: string): Promise<string> {
  await stat(path).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EsteiraError('invalid-usage', `The file cannot be read: ${reason}.`, { where: path })
  })
  const url = `${controlUrl}${uploadPath}?name=${encodeURIComponent(basename(path))}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const request = sendRequest(url, { method: 'POST', headers, agent: false })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
  })
  // A refusal may come before all is sent; then the answer says more than the broken pipe.
  const sent = pipeline(createReadStream(path), request)
  const response = await Promise.race([answered, sent.then(() => answered)])
  await sent.catch(() => undefined)
  const answer: unknown = JSON.parse(await text(response))
  if ((response.statusCode ?? 500) >= 400) throw new ApiError(problemSchema.parse(answer))
  return uploadAnswerSchema.parse(answer).path
}

/** Writes a file of an artifact to the path: whole, or not at all. @throws ApiError, EsteiraError `invalid-usage` */
export async function downloadArtifactFile(
  { controlUrl, token }: Engine,
  { hash, file, output }: { hash: string; file: string; output: string },
): Promise<void> {
  const path = artifactFilePath.replace(':hash', hash).replace(':file', encodeURIComponent(file))
  const response = await openResponse(controlUrl + path, { headers: { authorization: `Bearer ${token}` } })
  if ((response.statusCode ?? 500) >= 400) throw new ApiError(problemSchema.parse(JSON.parse(await text(response))))
  const unfinished = `${output}.part`
  try {
    await pipeline(response, createWriteStream(unfinished))
    await rename(unfinished, output)
  } catch (error) {
    await rm(unfinished, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw new EsteiraError('invalid-usage', `The output cannot be written: ${reason}.`, { where: output, cause: error })
  }
}
