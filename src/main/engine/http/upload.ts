/** Data files from a browser, which knows no paths: the raw bytes in the body, streamed to where the engine keeps them. */
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { uploadAnswerSchema, uploadPath } from '#shared/routes/data.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { operation } from './openapi.ts'

/** Stores a file under a plain name made of `name`; one that does not come whole is forgotten. */
export type ReceiveUpload = (name: string, content: Readable) => Promise<z.infer<typeof uploadAnswerSchema>>

const queryShape = z.strictObject({ name: z.string().min(1).max(1_000).describe('The name of the file.') })

/** In a scope of its own: no other route takes such bodies. */
export async function registerUpload(app: FastifyInstance, receive: ReceiveUpload): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/octet-stream', (_request, content, done) => done(null, content))
    scope.route<{ Querystring: z.output<typeof queryShape>; Body: Readable | undefined }>({
      method: 'POST',
      url: uploadPath,
      // The stream is measured where it is stored.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      schema: {
        ...operation('uploadDataFile', uploadPath, 'Takes the bytes of a data file (application/octet-stream).'),
        querystring: queryShape,
        response: { 200: uploadAnswerSchema },
      },
      handler: async ({ query, body }) => {
        if (body !== undefined) return await receive(query.name, body)
        throw new EsteiraError('invalid-request', 'The request has no body.', { allowed: 'application/octet-stream' })
      },
    })
  })
}
