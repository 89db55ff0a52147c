import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatTable } from '../output.ts'

export const define: DefineCommand = (command, line) => {
  command.action(async () => {
    const endpoints = await withEngine(line, ({ client }) => client.call('listEndpoints'))
    line.answer(endpoints, () => {
      if (endpoints.length === 0) return 'No endpoints yet: "esteira deploy" makes one.'
      const rows = endpoints.map(({ name, revision, state, message, url }) => [
        name,
        revision === null ? '' : `${revision.model}/${revision.version}`,
        message === undefined ? state : `${state}: ${message}`,
        url ?? '',
      ])
      return formatTable(['endpoint', 'model', 'state', 'address'], rows)
    })
  })
}
