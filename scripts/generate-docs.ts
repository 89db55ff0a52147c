/**
 * Writes the reference pages and the JSON Schemas for editors from the types they describe. With `--check` it writes nothing
 * and fails if a file is not what it would write.
 */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../src/main/engine/components/index.ts'
import { errorCatalogue } from '../src/shared/errors.ts'
import { featureViewSpecSchema } from '../src/shared/features.ts'
import { monitorSpecSchema } from '../src/shared/monitors.ts'
import { apiPageParts } from './docs/api-page.ts'
import {
  featureViewJsonSchema,
  monitorJsonSchema,
  pipelineJsonSchema,
  projectJsonSchema,
} from './docs/editor-schemas.ts'
import { pipelinesPageParts } from './docs/pipelines-page.ts'
import { fillRegions } from './docs/regions.ts'
import { maturityPageParts } from './docs/requirements.ts'
import { code, keyRows, keyTable, markdownTable, toJsonSchema } from './docs/schema-text.ts'
import { validationPageParts } from './docs/validation-page.ts'

const root = new URL('../', import.meta.url)

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

function samplePipelines(): string[] {
  const folder = 'resources/samples/flight-delay/pipelines/'
  return globSync('*.yaml', { cwd: fileURLToPath(new URL(folder, root)) })
    .sort()
    .map((file) => read(folder + file))
}

function featuresPageParts(): Record<string, string> {
  return { 'view-keys': keyTable(keyRows(toJsonSchema(featureViewSpecSchema, 'input'))) }
}

function monitorsPageParts(): Record<string, string> {
  return { 'monitor-keys': keyTable(keyRows(toJsonSchema(monitorSpecSchema, 'input'))) }
}

function errorsPageParts(): Record<string, string> {
  const rows = Object.entries(errorCatalogue).map(([name, { status, exit, title }]) => [
    code(name),
    String(status),
    String(exit),
    title,
  ])
  return { catalogue: markdownTable(['code', 'HTTP status', 'CLI exit code', 'title'], rows) }
}

/** JSON in the form that the formatter of the repository gives it; Markdown as it is. */
function formatted(path: string, content: string): string {
  if (!path.endsWith('.json')) return content
  const biome = fileURLToPath(new URL('node_modules/@biomejs/biome/bin/biome', root))
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], {
    cwd: fileURLToPath(root),
    input: content,
    encoding: 'utf8',
  })
}

/** Path relative to the repository, to what the file must hold. */
function outputs(): Record<string, string> {
  const contents = {
    'docs/pipelines.md': fillRegions(read('docs/pipelines.md'), pipelinesPageParts(catalogue, samplePipelines())),
    'docs/features.md': fillRegions(read('docs/features.md'), featuresPageParts()),
    'docs/monitors.md': fillRegions(read('docs/monitors.md'), monitorsPageParts()),
    'docs/api.md': fillRegions(read('docs/api.md'), apiPageParts()),
    'docs/maturity.md': fillRegions(read('docs/maturity.md'), maturityPageParts()),
    'docs/validation.md': fillRegions(read('docs/validation.md'), validationPageParts()),
    'docs/errors.md': fillRegions(read('docs/errors.md'), errorsPageParts()),
    'resources/schemas/esteira.schema.json': JSON.stringify(projectJsonSchema()),
    'resources/schemas/feature-view.schema.json': JSON.stringify(featureViewJsonSchema()),
    'resources/schemas/monitor.schema.json': JSON.stringify(monitorJsonSchema()),
    'resources/schemas/pipeline.schema.json': JSON.stringify(pipelineJsonSchema(catalogue)),
  }
  return Object.fromEntries(Object.entries(contents).map(([path, content]) => [path, formatted(path, content)]))
}

function isCurrent(path: string, content: string): boolean {
  try {
    return read(path) === content
  } catch {
    return false
  }
}

function main(): void {
  const stale = Object.entries(outputs()).filter(([path, content]) => !isCurrent(path, content))
  if (!process.argv.includes('--check')) {
    for (const [path, content] of stale) writeFileSync(new URL(path, root), content)
    console.log(stale.length === 0 ? 'All files are up to date.' : `Written: ${stale.map(([path]) => path).join(', ')}`)
    return
  }
  for (const [path] of stale) console.log(`${path} is out of date: run "npm run docs".`)
  if (stale.length > 0) process.exitCode = 1
  else console.log('The generated files are up to date.')
}

main()
