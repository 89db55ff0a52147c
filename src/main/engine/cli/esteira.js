#!/usr/bin/env node
/**
 * The launcher: the one file that must run on any Node. It sees to it that the rest runs on a Node new enough to read
 * TypeScript, which the package brings, and that compiled code is kept between starts.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const oldestMajor = 24
const major = Number(process.versions.node.split('.')[0])

if (major >= oldestMajor) {
  keepCompiledCode()
  const source = new URL('./main.ts', import.meta.url)
  const bundle = new URL('./main.js', import.meta.url)
  const { main } = await import(existsSync(source) ? source.href : bundle.href)
  await main(process.argv.slice(2))
} else {
  startAgain(packagedNode())
}

/**
 * Halves the time to start. Threads keep theirs only if the environment names the folder. It is the installation's own: a
 * shared one such as /tmp would let other users of the machine plant code. Where it cannot be written, nothing is kept.
 */
function keepCompiledCode() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../../../node_modules/.cache/esteira', import.meta.url))
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
}

/** The executable of the npm package "node", a development dependency. */
function packagedNode() {
  try {
    const folder = dirname(module.createRequire(import.meta.url).resolve('node/package.json'))
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** The same command on another Node; signals and the exit code pass through. */
function startAgain(node) {
  if (node === undefined) {
    console.error(
      `Esteira needs Node ${oldestMajor} or newer; this is ${process.version}, and the one that comes with the ` +
        'package is missing. Run "npm ci" in the folder of Esteira, or install a newer Node.',
    )
    process.exit(1)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both processes; whatever else signals this one means the child.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Node could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
