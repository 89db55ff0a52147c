import { InvalidArgumentError } from 'commander'
import type { EndpointAccess, EndpointKey } from '#shared/access.ts'
import type { Endpoint } from '#shared/models.ts'
import type { RequestLog } from '#shared/requests.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { defineBudget } from '../endpoint-budget.ts'
import { formatInstant, formatTable } from '../output.ts'

interface AccessOptions {
  readonly keys?: boolean
  readonly origin?: readonly string[]
  readonly maxBody?: number
  readonly timeLimit?: number
}

interface LogOptions {
  readonly on?: boolean
  readonly sample?: number
  readonly redact?: readonly string[]
  readonly keepDays?: number
  readonly keepBytes?: number
}

interface RollBackOptions {
  readonly to?: number
  readonly reason: string
  readonly keepChampion?: true
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
    .command('log')
    .description('how its requests are logged; with options, changes it')
    .argument('<name>')
    .option('--on', 'log its requests')
    .option('--no-on', 'log them no more')
    .option('--sample <share>', 'which share of the requests is logged, from 0 to 1', parseShare)
    .option('--redact <input...>', 'never write the values of these inputs alone; "none" for none')
    .option('--keep-days <days>', 'remove what is older', parseDays)
    .option('--keep-bytes <bytes>', 'remove the oldest beyond this size', parseBytes)
    .action(async (name: string, { on, sample, redact, keepDays, keepBytes }: LogOptions) => {
      const body = { on, sampleRate: sample, redact: namesOf(redact), keepDays, keepBytes }
      const isChange = Object.values(body).some((value) => value !== undefined)
      const log = await withEngine(line, ({ client }) =>
        isChange
          ? client.call('putRequestLog', { params: { name }, body })
          : client.call('getRequestLog', { params: { name } }),
      )
      line.answer(log, () => describeLog(log))
    })
  defineBudget(command, line)
  command
    .command('roll-back')
    .description('makes an earlier revision answer again, as a new revision')
    .argument('<name>')
    .option('--to <revision>', 'its number (default: the one before the last)', parseRevision)
    .option('--reason <text>', 'kept in the ledger', '')
    .option('--keep-champion', 'leave the champion of the model where it is')
    .action(async (name: string, { to: revision, ...options }: RollBackOptions) => {
      const body = { revision, ...options }
      const endpoint = await withEngine(line, ({ client }) => client.call('rollBack', { params: { name }, body }))
      line.answer(endpoint, () => describeEndpoints([endpoint]))
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

/** An empty list cannot be given to an option: "none" stands for it. */
function namesOf(names: readonly string[] | undefined): string[] | undefined {
  return names?.filter((name) => name !== 'none')
}

function parseShare(text: string): number {
  const share = Number(text)
  if (text.trim() !== '' && share >= 0 && share <= 1) return share
  throw new InvalidArgumentError('A share is a number from 0 to 1')
}

function parseDays(text: string): number {
  const days = Number(text)
  if (days >= 1) return days
  throw new InvalidArgumentError('It is a number of days, at least 1')
}

function parseRevision(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A revision is a whole number, from 1')
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

function describeLog({ settings, state, bytes, oldest }: RequestLog): string {
  const { on, sampleRate, redact, keepDays, keepBytes } = settings
  return [
    `log       ${on ? (sampleRate === 1 ? 'every request' : `${sampleRate * 100} % of the requests`) : 'off'}`,
    `redacted  ${redact.join(', ') || 'nothing'}`,
    `kept      ${keepDays} days, ${keepBytes} bytes`,
    `on disk   ${bytes} bytes${oldest === null ? '' : ` since ${formatInstant(oldest)}`}`,
    ...(state.trouble === null ? [] : [`trouble   ${state.trouble.kind}: ${state.trouble.message}`]),
    ...(state.dropped === 0 ? [] : [`dropped   ${state.dropped} records since the start`]),
  ].join('\n')
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
