import { type Command, InvalidArgumentError } from 'commander'
import type { Alert, AlertDelivery, AlertDetails, AlertEvent, AlertPage, Receiver, Webhook } from '#shared/alerts.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'

interface ListOptions {
  readonly all?: boolean
  readonly endpoint?: string
  readonly monitor?: string
  readonly limit: number
  readonly cursor?: string
}

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('open alerts, newest first')
    .option('--all', 'those that are over as well')
    .option('--critical', 'critical ones alone')
    .option('--endpoint <name>', 'those of an endpoint')
    .option('--monitor <name>', 'those of a monitor')
    .option('--limit <number>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', 'goes on after the page before')
    .action(async ({ all, critical, ...query }: ListOptions & { critical?: boolean }) => {
      const page = await withEngine(line, ({ client }) =>
        client.call('listAlerts', {
          query: { ...query, state: all === true ? 'all' : 'open', ...(critical === true && { severity: 'critical' }) },
        }),
      )
      line.answer(page, () => describeAlerts(page))
    })
  command
    .command('show')
    .description('one alert with all that became of it')
    .argument('<id>')
    .action(async (id: string) => {
      const alert = await withEngine(line, ({ client }) => client.call('getAlert', { params: { id } }))
      line.answer(alert, () => describeAlert(alert))
    })
  command
    .command('acknowledge')
    .description('note that someone has seen to it')
    .argument('<id>')
    .option('--note <text>', 'what is known of it', '')
    .option('--by <name>', 'who', 'cli')
    .action(async (id: string, body: { note: string; by: string }) => {
      const request = { params: { id }, body }
      const alert = await withEngine(line, ({ client }) => client.call('acknowledgeAlert', request))
      line.answer(alert, () => `The alert of ${alert.monitor}, check ${alert.check}, is acknowledged.`)
    })
  command
    .command('retry')
    .description('try a delivery again that was given up')
    .argument('<delivery>', 'its id, as "show" lists it')
    .action(async (id: string) => {
      const delivery = await withEngine(line, ({ client }) => client.call('retryDelivery', { params: { id } }))
      line.answer(delivery, () => `It is tried again: ${receiverWords(delivery.receiver)}.`)
    })
  defineWebhooks(command.command('webhooks').description('where alerts can be sent'), line)
}

function defineWebhooks(command: Command, line: CommandLine): void {
  command
    .command('list', { isDefault: true })
    .description('the webhooks of the home')
    .action(async () => {
      const webhooks = await withEngine(line, ({ client }) => client.call('listWebhooks'))
      line.answer(webhooks, () => describeWebhooks(webhooks))
    })
  command
    .command('add')
    .description('make a webhook, or lead it elsewhere; its secret is shown once')
    .argument('<name>')
    .argument('<url>')
    .option('--allow-link-local', 'it may lead to an address such as 169.254.1.1', false)
    .action(async (name: string, url: string, { allowLinkLocal }: { allowLinkLocal: boolean }) => {
      const request = { params: { name }, body: { url, allowLinkLocal } }
      const made = await withEngine(line, ({ client }) => client.call('putWebhook', request))
      line.answer(made, () => `Secret, shown this once: ${made.secret}`)
    })
  command
    .command('remove')
    .description('remove a webhook')
    .argument('<name>')
    .action(async (name: string) => {
      const done = await withEngine(line, ({ client }) => client.call('removeWebhook', { params: { name } }))
      line.answer(done, () => `The webhook "${name}" is removed.`)
    })
  command
    .command('test')
    .description('send a signed test, and say what came back')
    .argument('<name>')
    .action(async (name: string) => {
      const result = await withEngine(line, ({ client }) => client.call('testWebhook', { params: { name } }))
      line.answer(result, () => `${result.detail} (${result.latencyMs} ms)`)
      if (!result.ok) line.failed(null)
    })
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count
  throw new InvalidArgumentError('A number from 1 to 1000.')
}

function describeAlerts({ items, counts, nextCursor }: AlertPage): string {
  const summary = `${counts.open} open, ${counts.critical} of them critical, ${counts.unacknowledged} not acknowledged`
  if (items.length === 0) return `No alerts here (${summary}).`
  const rows = items.map((alert) => [
    alert.id,
    alert.state === 'open' ? alert.severity : `over (${alert.worst})`,
    alert.monitor,
    alert.check,
    alert.endpoint,
    formatInstant(alert.raisedAt),
    stateWords(alert),
  ])
  const table = formatTable(['id', 'severity', 'monitor', 'check', 'endpoint', 'raised', 'state'], rows)
  const more = nextCursor === undefined ? '' : `\nOlder ones: --cursor ${nextCursor}`
  return `${table}\n${summary}${more}`
}

function stateWords({ acknowledged, clearedAt, deliveries }: Alert): string {
  const parts = [
    ...(clearedAt === null ? [] : [`cleared ${formatInstant(clearedAt)}`]),
    ...(acknowledged === null ? [] : [`acknowledged by ${acknowledged.by}`]),
    ...(deliveries.failed === 0 ? [] : [`${deliveries.failed} not delivered`]),
  ]
  return parts.join(', ')
}

function describeAlert(alert: AlertDetails): string {
  const { severity, monitor, check, endpoint, id, events, history, reading } = alert
  const given = history.filter(({ state }) => state === 'failed')
  return [
    `${alert.state === 'open' ? severity : 'over'}: ${monitor}, check ${check}, endpoint ${endpoint}  (${id})`,
    reading.reason,
    ...events.map((event) => `${formatInstant(event.at)}  ${eventWords(event)}`),
    ...given.map((delivery) => `given up: ${deliveryWords(delivery)}`),
  ].join('\n')
}

function eventWords(event: AlertEvent): string {
  switch (event.kind) {
    case 'raised':
    case 'escalated':
    case 'eased':
      return `${event.kind}, ${event.severity}: ${event.reading.reason}`
    case 'acknowledged':
      return `acknowledged by ${event.by}${event.note === '' ? '' : `: ${event.note}`}`
    case 'cleared':
      return event.because === 'gone'
        ? 'cleared: the check is no longer asked'
        : `cleared: ${event.reading?.reason ?? ''}`
    case 'delivery':
      return `${event.ok ? 'told' : 'not told'} ${receiverWords(event.receiver)}, attempt ${event.attempt}: ${event.detail}`
    case 'acted':
      return event.outcome === 'done' ? `rolled back: revision ${event.revision}` : `not rolled back: ${event.reason}`
    default:
      return event satisfies never
  }
}

function receiverWords(receiver: Receiver): string {
  switch (receiver.kind) {
    case 'desktop':
      return 'the desktop'
    case 'webhook':
      return `webhook ${receiver.name}`
    case 'command':
      return `command ${receiver.command.join(' ')}`
    default:
      return receiver satisfies never
  }
}

function deliveryWords({ id, receiver, problem }: AlertDelivery): string {
  return `${receiverWords(receiver)}: ${problem ?? ''}  (esteira alerts retry ${id})`
}

function describeWebhooks(webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0) return 'No webhooks yet: esteira alerts webhooks add NAME URL.'
  return formatTable(
    ['name', 'url', 'made'],
    webhooks.map(({ name, url, createdAt }) => [name, url, formatInstant(createdAt)]),
  )
}
