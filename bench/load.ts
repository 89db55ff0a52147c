/** Load from a process of its own, one round at a time. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Load, Measured } from './load-process.ts'

/** Tells how many requests failed. */
export async function askLoad(load: ChildProcess, request: Load): Promise<Measured> {
  load.send(request)
  const [measured]: Measured[] = await once(load, 'message')
  if (measured === undefined) throw new Error('The process that makes the load said nothing.')
  return measured
}

/** A failed request would make the figures worthless. */
export async function putLoad(load: ChildProcess, request: Load): Promise<Measured> {
  const measured = await askLoad(load, request)
  if (measured.failed > 0) throw new Error(`${measured.failed} requests to ${request.url} failed.`)
  return measured
}
