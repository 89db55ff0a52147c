import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { parseVersion } from './models.ts'

interface Options {
  readonly endpoint: string
  readonly reason?: string
}

export const define: DefineCommand = (command, line) => {
  command
    .argument('<model>')
    .argument('<version>', 'its number', parseVersion)
    .requiredOption('--endpoint <name>', 'made if there is none of this name')
    .option('--reason <text>', 'kept with the revision')
    .action(async (model: string, version: number, { endpoint: name, reason = '' }: Options) => {
      const request = { params: { name }, body: { model, version, reason } }
      const endpoint = await withEngine(line, ({ client }) => client.call('deploy', request))
      line.answer(endpoint, () => `Endpoint ${name}: version ${version} of ${model} is ${endpoint.state}.`)
    })
}
