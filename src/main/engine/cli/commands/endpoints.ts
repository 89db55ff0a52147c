import { InvalidArgumentError } from 'commander'
import type { EndpointAccess, EndpointKey } from '#shared/access.ts'
import type { Endpoint } from '#shared/models.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'

interface AccessOptions {
  readonly keys?: boolean
  readonly origin?: readonly string[]
  readonly maxBody?: number
  readonly timeLimit?: number
}

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('the endpoints and what answers at each')
    .action(async () => {
      const endpoints = await withEngine(line, ({ client }) => client.call('listEndpoints'))
      line.answer(endpoints, () => describeEndpoints(endpoints))
    })
  command
    .command('access')
    .description('who may ask an endpoint; with options, changes it')
    .argument('<name>')
    .option('--keys', 'every request must carry a key')
    .option('--no-keys', 'no request needs a key')
    .option('--origin <origin...>', 'web pages of these origins alone may ask it; "none" for none')
    .option('--max-body <bytes>', 'the largest request that it takes', parseBytes)
    .option('--time-limit <ms>', 'how long a request may take, in milliseconds', parseMilliseconds)
    .action(async (name: string, { keys, origin, maxBody, timeLimit }: AccessOptions) => {
      const origins = origin?.filter((one) => one !== 'none')
      const body = {
        keysRequired: keys,
        origins: origins && [...origins],
        maxBodyBytes: maxBody,
        timeLimitMs: timeLimit,
      }
      const isChange = Object.values(body).some((value) => value !== undefined)
      const access = await withEngine(line, ({ client }) =>
        isChange
          ? client.call('putEndpointAccess', { params: { name }, body })
          : client.call('getEndpointAccess', { params: { name } }),
      )
      line.answer(access, () => describeAccess(access))
    })
  command
    .command('add-key')
    .description('make a key; it is shown this once')
    .argument('<name>')
    .argument('<key-name>', 'who or what it is for')
    .action(async (name: string, keyName: string) => {
      const request = { params: { name }, body: { name: keyName } }
      const added = await withEngine(line, ({ client }) => client.call('addEndpointKey', request))
      line.answer(added, () => added.key)
      line.note('The key is not shown again. Requests carry it as "Authorization: Bearer …" or "X-API-Key: …".')
    })
  command
    .command('revoke-key')
    .description('refuse a key from now on')
    .argument('<name>')
    .argument('<id>', 'as listed by "esteira endpoints access"')
    .action(async (name: string, id: string) => {
      const access = await withEngine(line, ({ client }) => client.call('revokeEndpointKey', { params: { name, id } }))
      line.answer(access, () => describeAccess(access))
    })
}

function parseBytes(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A size is a number of bytes')
}

function parseMilliseconds(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A time limit is a number of milliseconds')
}

function describeEndpoints(endpoints: readonly Endpoint[]): string {
  if (endpoints.length === 0) return 'No endpoints yet: "esteira deploy" makes one.'
  const rows = endpoints.map(({ name, revision, state, message, url }) => [
    name,
    revision === null ? '' : `${revision.model}/${revision.version}`,
    message === undefined ? state : `${state}: ${message}`,
    url ?? '',
  ])
  return formatTable(['endpoint', 'model', 'state', 'address'], rows)
}

function describeAccess({ rules, keys }: EndpointAccess): string {
  const facts = [
    `keys      ${rules.keysRequired ? 'required' : 'not required'}`,
    `origins   ${rules.origins.join(', ') || 'none'}`,
    `max body  ${rules.maxBodyBytes} bytes`,
    `max time  ${rules.timeLimitMs} ms`,
  ]
  return [...facts, ...(keys.length > 0 ? ['', describeKeys(keys)] : [])].join('\n')
}

function describeKeys(keys: readonly EndpointKey[]): string {
  const rows = keys.map(({ id, name, createdAt, revokedAt }) => [
    id,
    name,
    formatInstant(createdAt),
    revokedAt === null ? 'holds' : `revoked ${formatInstant(revokedAt)}`,
  ])
  return formatTable(['key', 'for', 'made', 'state'], rows)
}
