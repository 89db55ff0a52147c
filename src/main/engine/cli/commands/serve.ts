import { flushCompileCache } from 'node:module'
import { InvalidArgumentError } from 'commander'
import { homeFolder } from '../../kernel/home.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { uiUrl } from '../ui-url.ts'

interface Options {
  readonly port?: number
  readonly inferencePort?: number
}

export const define: DefineCommand = (command, line) => {
  command
    .option('--port <port>', 'of the control API and the pages; 0: any free one (default: 4870)', parsePort)
    .option('--inference-port <port>', 'of the inference server; 0: any free one (default: 4871)', parsePort)
    .action((options: Options) => serve(options, line))
}

async function serve(options: Options, line: CommandLine): Promise<void> {
  const { Engine } = await import('../../engine.ts')
  const engine = await Engine.start({ home: homeFolder(line.home), ...options })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void engine.stop())
  const { controlUrl, inferenceUrl, home, pid } = engine.info()
  const pages = uiUrl(controlUrl, engine.token)
  line.answer({ pid, home, controlUrl, inferenceUrl, uiUrl: pages }, () =>
    [
      'Esteira is ready. Ctrl-C stops it.',
      `  pages        ${pages}`,
      `  control API  ${controlUrl}/api/v1`,
      `  predictions  ${inferenceUrl}`,
      `  home         ${home}`,
    ].join('\n'),
  )
  // A process that is killed never writes the cache that makes the next start fast.
  flushCompileCache()
  await engine.stopped
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535')
}
