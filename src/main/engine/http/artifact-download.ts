/** A file of an artifact as it lies in the store, streamed: what people take away, such as predictions. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { artifactFilePath } from '#shared/routes/runs.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { operation } from './openapi.ts'

export interface ArtifactFiles {
  /** File name to absolute path. @throws EsteiraError `artifact-not-found` */
  files(hash: string): Promise<ReadonlyMap<string, string>>
}

const params = z.object({ hash: z.string(), file: z.string() })

export function registerArtifactDownload(app: FastifyInstance, artifacts: ArtifactFiles): void {
  app.route<{ Params: z.output<typeof params> }>({
    method: 'GET',
    url: artifactFilePath,
    schema: { ...operation('getArtifactFile', artifactFilePath, 'The bytes of a file of an artifact.'), params },
    async handler(request, reply) {
      const { hash, file } = request.params
      const path = await pathOf(artifacts, hash, file)
      const { size } = await stat(path)
      return reply
        .header('content-length', size)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file)}`)
        .type('application/octet-stream')
        .send(createReadStream(path))
    },
  })
}

/** Only files that the artifact itself lists can be named: a path that leads elsewhere finds nothing. */
async function pathOf(artifacts: ArtifactFiles, hash: string, file: string): Promise<string> {
  const files = await artifacts.files(hash)
  const path = files.get(file)
  if (path !== undefined) return path
  const names = [...files.keys()]
  throw new EsteiraError('not-found', `The artifact holds no file "${file}".`, {
    where: hash,
    found: file,
    allowed: names.join(', '),
    nearest: nearestName(file, names),
  })
}
