/** What a browser must fetch and run before the first page shows: the initial JavaScript of the built UI, compressed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { appRoot } from '../e2e/support/engine.ts'
import { buildIfStale, pagesAndShell } from '../scripts/start/build.ts'
import { report } from './result.ts'

const maxKilobytes = 400

/** The start page names its script and, as `modulepreload`, all that the script imports statically. */
function initialScripts(folder: string): string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  return [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '')
}

const kilobytes = (bytes: number) => Math.round(bytes / 100) / 10

await buildIfStale(appRoot, pagesAndShell)
const folder = join(appRoot, 'out/renderer')
const scripts = initialScripts(folder).map((path) => readFileSync(join(folder, path)))
if (scripts.length === 0) throw new Error('The built page names no script.')
const compressed = scripts.reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0)
const raw = scripts.reduce((sum, script) => sum + script.length, 0)

report([
  {
    name: 'ui-bundle',
    value: kilobytes(compressed),
    unit: 'kB',
    reference: `uncompressed ${kilobytes(raw)} kB in ${scripts.length} file(s)`,
    ratio: compressed / raw,
    bar: `≤ ${maxKilobytes} kB gzip`,
    holds: kilobytes(compressed) <= maxKilobytes,
  },
])
