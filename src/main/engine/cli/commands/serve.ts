import { flushCompileCache } from 'node:module'
import { InvalidArgumentError } from 'commander'
import { EsteiraError } from '../../kernel/errors.ts'
import { homeFolder } from '../../kernel/home.ts'
import type { OutsideOptions } from '../../serving/outside-options.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { uiUrl } from '../ui-url.ts'

/** Beside that of the loopback listener, 4871. */
const defaultOutsidePort = 4872

interface Options {
  readonly port?: number
  readonly inferencePort?: number
  readonly inferenceHost?: string
  readonly outsidePort: number
  readonly inferenceName?: readonly string[]
  readonly tlsCert?: string
  readonly tlsKey?: string
}

export const define: DefineCommand = (command, line) => {
  command
    .option('--port <port>', 'of the control API and the pages; 0: any free one (default: 4870)', parsePort)
    .option('--inference-port <port>', 'of the inference server; 0: any free one (default: 4871)', parsePort)
    .option(
      '--inference-host <address>',
      'where other machines may ask endpoints, with keys; 0.0.0.0: at all addresses',
    )
    .option('--outside-port <port>', 'with --inference-host: the port there', parsePort, defaultOutsidePort)
    .option(
      '--inference-name <name...>',
      'with --inference-host: how callers may call this machine, beside its own name',
    )
    .option('--tls-cert <file>', 'with --inference-host: the certificate (PEM), for https')
    .option('--tls-key <file>', 'the key of the certificate (PEM)')
    .action((options: Options) => serve(options, line))
}

async function serve(options: Options, line: CommandLine): Promise<void> {
  const { Engine } = await import('../../engine.ts')
  const outside = outsideOf(options)
  const engine = await Engine.start({
    home: homeFolder(line.home),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.inferencePort !== undefined && { inferencePort: options.inferencePort }),
    ...(outside !== undefined && { outside }),
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void engine.stop())
  const { controlUrl, inferenceUrl, outsideUrl, home, pid } = engine.info()
  const pages = uiUrl(controlUrl, engine.token)
  line.answer({ pid, home, controlUrl, inferenceUrl, outsideUrl, uiUrl: pages }, () =>
    [
      'Esteira is ready. Ctrl-C stops it.',
      `  pages        ${pages}`,
      `  control API  ${controlUrl}/api/v1`,
      `  predictions  ${inferenceUrl}`,
      ...(outsideUrl ? [`  from outside ${outsideUrl}`] : []),
      `  home         ${home}`,
    ].join('\n'),
  )
  // A process that is killed never writes the cache that makes the next start fast.
  flushCompileCache()
  await engine.stopped
}

/** @throws EsteiraError `invalid-usage` for options that mean nothing without a host */
function outsideOf(options: Options): OutsideOptions | undefined {
  const { inferenceHost, outsidePort, inferenceName = [], tlsCert, tlsKey } = options
  if (inferenceHost !== undefined)
    return { host: inferenceHost, port: outsidePort, names: inferenceName, certFile: tlsCert, keyFile: tlsKey }
  if (inferenceName.length === 0 && tlsCert === undefined && tlsKey === undefined) return undefined
  throw new EsteiraError('invalid-usage', '--inference-name, --tls-cert and --tls-key need --inference-host.', {
    next: 'For example: --inference-host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem',
  })
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535')
}
