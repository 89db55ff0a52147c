import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from '#shared/client.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { homeFolder } from '../../kernel/home.ts'
import type { DefineCommand } from '../command-line.ts'
import { findEngine } from '../connect.ts'
import { sender } from '../http.ts'

const longestStopMs = 30_000
const pollMs = 50

export const define: DefineCommand = (command, line) => {
  command.action(async () => {
    const engine = await findEngine(homeFolder(line.home))
    if (engine === undefined) return line.answer({ stopped: false }, () => 'No engine is running for this home.')
    await createClient(sender(engine.controlUrl, engine.token)).call('stopEngine')
    const deadline = Date.now() + longestStopMs
    while (isRunning(engine.pid)) {
      if (Date.now() > deadline) {
        throw new EsteiraError('engine-unreachable', 'The engine was told to stop, but its process goes on.', {
          found: `process ${engine.pid}`,
        })
      }
      await delay(pollMs)
    }
    line.answer({ stopped: true }, () => 'The engine has stopped. Runs under way resume at its next start.')
  })
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
