/** What the command line says of the outside, made ready: files read, names of the machine gathered. */
import { readFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import type { AccessRules } from '#shared/access.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { OutsideAddress } from './outside.ts'

export interface OutsideOptions {
  /** An address of the machine, or 0.0.0.0 or :: for all of them. */
  readonly host: string
  readonly port: number
  /** By which callers know the machine, beside its own name and addresses. */
  readonly names: readonly string[]
  /** Paths of PEM files, both or none. */
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
}

/** @throws EsteiraError `invalid-usage` */
export async function outsideAddress({
  host,
  port,
  names,
  certFile,
  keyFile,
}: OutsideOptions): Promise<OutsideAddress> {
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new EsteiraError('invalid-usage', 'A certificate and its key are given together.', {
      where: '--tls-cert, --tls-key',
    })
  }
  const tls =
    certFile === undefined || keyFile === undefined
      ? undefined
      : { cert: await readPem(certFile, '--tls-cert'), key: await readPem(keyFile, '--tls-key') }
  return { host, port, names: [...names, ...ownNames()], tls }
}

function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return [hostname(), 'localhost', ...addresses.map(({ address }) => address)]
}

async function readPem(path: string, where: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EsteiraError('invalid-usage', `The file cannot be read: ${reason}.`, { where, found: path, cause })
  })
}

/** That no endpoint is open to whoever reaches the machine. @throws EsteiraError `conflict` naming those that are */
export function checkKeysRequired(rules: ReadonlyMap<string, Pick<AccessRules, 'keysRequired'>>): void {
  const open = [...rules].filter(([, { keysRequired }]) => !keysRequired).map(([name]) => name)
  if (open.length === 0) return
  throw new EsteiraError('conflict', 'Other machines may ask endpoints only with keys, which some do not require.', {
    where: '--inference-host',
    found: open.join(', '),
    next: `Make a key and require it: esteira endpoints add-key ${open[0]} <who>, esteira endpoints access ${open[0]} --keys.`,
  })
}
