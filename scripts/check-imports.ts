/**
 * Keeps the directions of imports in src/: one line for each violation, exit code 1 if there is any.
 * The layers are those of docs/architecture.md.
 */
import { globSync, readFileSync } from 'node:fs'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Import, importCycles, importsIn } from './imports.ts'

export interface Violation {
  readonly file: string
  readonly line: number
  readonly imported: string
  readonly rule: string
}

/** Folders of src/main/engine, lowest first. A file imports from its own folder and from lower layers. */
const layers: readonly (readonly string[])[] = [
  ['kernel'],
  ['store', 'artifacts', 'tables'],
  ['data'],
  ['features'],
  ['training'],
  ['registry'],
  ['serving'],
  ['monitoring'],
  ['pipelines'],
  ['components'],
  ['triggers', 'delivery', 'upkeep'],
  ['http', 'cli'],
]

/** What a layer may import although the order forbids it, or need not allow. */
const exceptions: readonly { readonly from: RegExp; readonly to: RegExp }[] = [
  // What artifacts there are is a table of the store.
  { from: /^src\/main\/engine\/artifacts\//, to: /^src\/main\/engine\/store\// },
  // The command that hosts the engine.
  { from: /^src\/main\/engine\/cli\//, to: /^src\/main\/engine\/engine\.ts$/ },
  // The version of the application.
  { from: /^src\/main\/engine\/kernel\/version\.ts$/, to: /^package\.json$/ },
]

/** Packages that only some folders may import. */
const packageOwners: readonly { readonly name: RegExp; readonly owner: RegExp; readonly rule: string }[] = [
  {
    name: /^electron$/,
    owner: /^src\/(main\/desktop\/|main\/index\.ts$|preload\/)/,
    rule: 'only src/main/desktop, src/main/index.ts and src/preload import electron',
  },
  { name: /^better-sqlite3$/, owner: /^src\/main\/engine\/store\//, rule: 'only store/ imports better-sqlite3' },
  {
    name: /^onnxruntime-/,
    owner: /^src\/main\/engine\/training\/onnx\//,
    rule: 'only training/onnx/ imports ONNX Runtime',
  },
  { name: /^@duckdb\//, owner: /^src\/main\/engine\/tables\//, rule: 'only tables/ imports DuckDB' },
  {
    name: /^@tensorflow\//,
    owner: /^src\/main\/engine\/training\//,
    rule: 'only training/ imports TensorFlow.js',
  },
  {
    name: /^(react|react-dom|@mantine\/.*|zustand|@tanstack\/.*|@xyflow\/.*)(\/|$)/,
    owner: /^src\/renderer\//,
    rule: 'only the renderer imports React and what belongs to it',
  },
]

/** `files`: path relative to the repository, with "/", to text. */
export function checkImports(files: ReadonlyMap<string, string>): Violation[] {
  const imports = [...files].flatMap(([file, text]) => importsIn(file, text))
  const broken = imports.flatMap((one) => {
    const rule = brokenRule(one)
    return rule === undefined ? [] : [{ file: one.file, line: one.line, imported: one.specifier, rule }]
  })
  return [...broken, ...cycleViolations(imports)]
}

function brokenRule(one: Import): string | undefined {
  return one.target === undefined ? packageRule(one) : fileRule(one.file, one.target)
}

function packageRule({ file, specifier }: Import): string | undefined {
  const area = areaOf(file)
  if (area === 'shared' && specifier !== 'zod' && !isTest(file))
    return 'src/shared imports zod and itself, nothing else'
  if (area === 'renderer' && specifier.startsWith('node:')) return 'the renderer runs in a browser, without Node'
  if (isTest(file)) return undefined
  return packageOwners.find(({ name, owner }) => name.test(specifier) && !owner.test(file))?.rule
}

function fileRule(file: string, target: string): string | undefined {
  const from = areaOf(file)
  const to = areaOf(target)
  if (to === 'shared') return undefined
  if (from === 'shared') return 'src/shared imports zod and itself, nothing else'
  if (from === 'renderer' && to !== 'renderer') return 'the renderer imports src/shared and itself only'
  if (exceptions.some((exception) => exception.from.test(file) && exception.to.test(target))) return undefined
  if (from === 'engine' && to !== 'engine') return `the engine imports neither shell nor renderer (${to})`
  if (from === 'preload' && to !== 'preload') return 'the preload script imports src/shared and itself only'
  if (from !== 'engine' || isTest(file)) return undefined
  return layerRule(file, target) ?? contractRule(file, target)
}

function layerRule(file: string, target: string): string | undefined {
  const from = folderOf(file)
  const to = folderOf(target)
  // engine.ts, the composition root, stands above all folders.
  if (from === undefined || from === to) return undefined
  if (to === undefined) return `${from}/ lies below ${target.split('/').at(-1)}`
  const [mine, theirs] = [layerOf(from), layerOf(to)]
  if (mine < 0 || theirs < 0) return `the folder ${mine < 0 ? from : to}/ has no place in the layers of this check`
  if (mine === theirs) return `${from}/ and ${to}/ stand side by side`
  return mine > theirs ? undefined : `${from}/ lies below ${to}/`
}

/** Components know the runner by their contract alone; only the entry of the step thread hosts them. */
function contractRule(file: string, target: string): string | undefined {
  if (folderOf(file) !== 'components' || folderOf(target) !== 'pipelines') return undefined
  if (target.endsWith('/pipelines/component.ts')) return undefined
  if (file.endsWith('/components/step-thread.ts') && target.endsWith('/pipelines/step-host.ts')) return undefined
  return 'of pipelines/, components import component.ts only'
}

function cycleViolations(imports: readonly Import[]): Violation[] {
  return importCycles(imports).map((group) => {
    const members = new Set(group)
    const edge = imports.find(({ file, target }) => file === group[0] && target !== undefined && members.has(target))
    return {
      file: group[0] ?? '',
      line: edge?.line ?? 1,
      imported: edge?.specifier ?? '',
      rule: `these files import each other in a circle: ${group.join(', ')}`,
    }
  })
}

type Area = 'shared' | 'engine' | 'desktop' | 'preload' | 'renderer' | 'other'

function areaOf(path: string): Area {
  if (path.startsWith('src/main/engine/')) return 'engine'
  if (path.startsWith('src/main/')) return 'desktop'
  const area = (['shared', 'preload', 'renderer'] as const).find((name) => path.startsWith(`src/${name}/`))
  return area ?? 'other'
}

/** The folder below src/main/engine; undefined for a file that lies in it directly. */
function folderOf(path: string): string | undefined {
  const parts = path.slice('src/main/engine/'.length).split('/')
  return parts.length > 1 ? parts[0] : undefined
}

function layerOf(folder: string): number {
  return layers.findIndex((layer) => layer.includes(folder))
}

/** Tests and their helpers may reach up to what they test together, and use any package to check ours. */
function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/testing(\.ts$|\/)/.test(path)
}

function main(): void {
  const paths = globSync('src/**/*.{ts,tsx}').map((path) => path.split(sep).join('/'))
  const violations = checkImports(new Map(paths.sort().map((path) => [path, readFileSync(path, 'utf8')])))
  for (const { file, line, imported, rule } of violations) console.log(`${file}:${line} imports ${imported}: ${rule}`)
  if (violations.length === 0) console.log(`The imports of ${paths.length} files keep the directions.`)
  else process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
