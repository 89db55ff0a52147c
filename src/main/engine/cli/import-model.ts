/** `esteira models import`: an ONNX file becomes a model version. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type OnnxHint, onnxHintSchema } from '#shared/models.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { CommandLine } from './command-line.ts'
import { startAndFollow } from './follow-run.ts'
import { uploadFile } from './transfer.ts'

export interface ImportOptions {
  readonly model: string
  readonly project: string
  readonly signature?: string
  readonly promote?: string
}

export async function importModel(line: CommandLine, file: string, options: ImportOptions): Promise<void> {
  const signature = options.signature === undefined ? undefined : await readHint(options.signature)
  await startAndFollow(line, async (connection) => {
    const body = { path: resolve(options.project), trust: false }
    const { id: projectId } = await connection.client.call('addProject', { body })
    const path = await uploadFile(connection, resolve(file))
    return connection.client.call('importModel', {
      params: { name: options.model },
      body: { path, projectId, signature, promote: options.promote ?? false, startedBy: 'cli' },
    })
  })
}

async function readHint(path: string): Promise<OnnxHint> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EsteiraError('invalid-usage', `The signature cannot be read: ${reason}.`, { where: path })
  })
  const parsed = onnxHintSchema.safeParse(parseText(text, path))
  if (parsed.success) return parsed.data
  throw new EsteiraError('invalid-usage', `The signature is not as it should be:\n${z.prettifyError(parsed.error)}`, {
    where: path,
    next: 'For example: {target: late, classes: [no, yes], inputs: [{name: distance}]}',
  })
}

function parseText(text: string, where: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new EsteiraError('invalid-usage', `The signature is neither YAML nor JSON: ${String(error)}`, { where })
  }
}
