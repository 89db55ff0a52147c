import { styleText } from 'node:util'
import type { Check } from '#shared/settings.ts'
import { EsteiraError, toProblem } from '../../kernel/errors.ts'
import { type Home, homeAt, homeFolder } from '../../kernel/home.ts'
import { esteiraVersion } from '../../kernel/version.ts'
import { homeChecks, makeChecks, type NamedCheck } from '../../upkeep/checks.ts'
import type { DefineCommand } from '../command-line.ts'
import { findEngine } from '../connect.ts'

const marks = { ok: ['✓', 'green'], warning: ['!', 'yellow'], failed: ['✗', 'red'] } as const

export const define: DefineCommand = (command, line) => {
  command.option(
    '--repair',
    'repair what can be: damaged artifacts are made again, files that belong to nothing set aside',
  )
  command.action(async ({ repair }: { repair?: true }) => {
    if (repair === true) {
      const { repairHome } = await import('../repair-home.ts')
      return await repairHome(line)
    }
    const home = homeAt(homeFolder(line.home))
    const checks = await makeChecks([engineCheck, ...homeChecks({ readFiles: true })], home)
    const healthy = checks.every((check) => check.state !== 'failed')
    line.answer({ healthy, version: esteiraVersion, home: home.path, checks }, () => checks.map(describe).join('\n'))
    if (!healthy) line.failed(toProblem(new EsteiraError('home-unusable', 'The doctor found problems.')))
  })
}

const engineCheck: NamedCheck = {
  name: 'engine',
  async make({ path }: Home) {
    const engine = await findEngine(path)
    const detail = engine === undefined ? 'not running' : `process ${engine.pid} at ${engine.controlUrl}`
    return { state: 'ok', detail }
  },
}

function describe({ name, state, detail }: Check): string {
  const [mark, style] = marks[state]
  return `${styleText(style, mark, { stream: process.stdout })} ${name.padEnd(10)} ${detail}`
}
