import { describe, expect, it } from 'vitest'
import { checkImports } from './check-imports.ts'
import { importCycles, importsIn } from './imports.ts'

const engine = 'src/main/engine'

/** What the check says of one file with one import. */
function rulesFor(file: string, specifier: string): string[] {
  return checkImports(new Map([[file, `import { x } from '${specifier}'\n`]])).map((violation) => violation.rule)
}

describe('a planted violation is found', () => {
  it.each([
    [`${engine}/kernel/a.ts`, '../store/store.ts', 'kernel/ lies below store/'],
    [`${engine}/kernel/a.ts`, '../engine.ts', 'kernel/ lies below engine.ts'],
    [`${engine}/store/a.ts`, '../artifacts/b.ts', 'store/ and artifacts/ stand side by side'],
    [`${engine}/tables/a.ts`, '../store/store.ts', 'tables/ and store/ stand side by side'],
    [`${engine}/data/a.ts`, '../training/b.ts', 'data/ lies below training/'],
    [`${engine}/serving/a.ts`, '../pipelines/component.ts', 'serving/ lies below pipelines/'],
    [`${engine}/pipelines/a.ts`, '../components/index.ts', 'pipelines/ lies below components/'],
    [`${engine}/components/a.ts`, '../pipelines/runs.ts', 'of pipelines/, components import component.ts only'],
    [`${engine}/components/a.ts`, '../pipelines/step-host.ts', 'of pipelines/, components import component.ts only'],
    [`${engine}/http/a.ts`, '../cli/b.ts', 'http/ and cli/ stand side by side'],
    [`${engine}/somewhere/a.ts`, '../kernel/b.ts', 'the folder somewhere/ has no place in the layers of this check'],
    [`${engine}/http/a.ts`, '../../desktop/b.ts', 'the engine imports neither shell nor renderer (desktop)'],
    [`${engine}/http/a.ts`, '../../../renderer/app/b.ts', 'the engine imports neither shell nor renderer (renderer)'],
    [`${engine}/http/a.ts`, 'electron', 'only src/main/desktop, src/main/index.ts and src/preload import electron'],
    [`${engine}/http/a.ts`, 'react', 'only the renderer imports React and what belongs to it'],
    [`${engine}/http/a.ts`, 'better-sqlite3', 'only store/ imports better-sqlite3'],
    [`${engine}/data/a.ts`, '@duckdb/node-api', 'only tables/ imports DuckDB'],
    [`${engine}/serving/a.ts`, '@tensorflow/tfjs', 'only training/ imports TensorFlow.js'],
    [`${engine}/serving/a.ts`, 'onnxruntime-web', 'only training/onnx/ imports ONNX Runtime'],
    ['src/shared/a.ts', 'node:fs', 'src/shared imports zod and itself, nothing else'],
    ['src/shared/a.ts', '../main/engine/kernel/ids.ts', 'src/shared imports zod and itself, nothing else'],
    ['src/renderer/app/a.tsx', '../../main/engine/kernel/ids.ts', 'the renderer imports src/shared and itself only'],
    ['src/renderer/app/a.tsx', 'node:path', 'the renderer runs in a browser, without Node'],
    ['src/renderer/app/a.tsx', 'electron', 'only src/main/desktop, src/main/index.ts and src/preload import electron'],
    ['src/preload/index.ts', '../main/desktop/ipc.ts', 'the preload script imports src/shared and itself only'],
  ])('%s imports %s', (file, specifier, rule) => {
    expect(rulesFor(file, specifier)).toEqual([rule])
  })
})

describe('what is allowed is not complained of', () => {
  it.each([
    [`${engine}/store/a.ts`, 'better-sqlite3'],
    [`${engine}/artifacts/artifact-store.ts`, '../store/store.ts'],
    [`${engine}/components/extract.ts`, '../pipelines/component.ts'],
    [`${engine}/components/step-thread.ts`, '../pipelines/step-host.ts'],
    [`${engine}/monitoring/a.ts`, '../data/b.ts'],
    [`${engine}/cli/serve.ts`, '../engine.ts'],
    [`${engine}/engine.ts`, './cli/a.ts'],
    [`${engine}/kernel/a.test.ts`, '../store/store.ts'],
    [`${engine}/kernel/a.ts`, '#shared/runs.ts'],
    ['src/shared/a.ts', 'zod'],
    ['src/renderer/app/a.tsx', '../../shared/api.ts'],
    ['src/main/desktop/a.ts', 'electron'],
    ['src/main/index.ts', 'electron'],
  ])('%s imports %s', (file, specifier) => {
    expect(rulesFor(file, specifier)).toEqual([])
  })
})

describe('imports', () => {
  it('are found in every form, at their lines, and not in comments', () => {
    const text = [
      "import a from './a.ts'",
      '// import no from "./no.ts"',
      'import type {',
      '  B,',
      "} from './b.ts'",
      "/* import no from './no.ts' */ import './c.ts'",
      "export * from './d.ts'",
      'export { e } from "../e.ts"',
      "const f = await import('#shared/f.ts')",
      "type G = import('./g.ts').G",
      "const text = 'see // import'; const h = require('h')",
      'export const from = 1',
      "export const i = 'from'",
    ].join('\n')
    expect(importsIn('src/x/y.ts', text).map(({ line, specifier }) => [line, specifier])).toEqual([
      [1, './a.ts'],
      [5, './b.ts'],
      [6, './c.ts'],
      [7, './d.ts'],
      [8, '../e.ts'],
      [9, '#shared/f.ts'],
      [10, './g.ts'],
      [11, 'h'],
    ])
    expect(importsIn('src/x/y.ts', text).map(({ target }) => target)).toContain('src/shared/f.ts')
    expect(importsIn('src/x/y.ts', text).map(({ target }) => target)).toContain('src/e.ts')
  })

  it('in a circle are found once, types included', () => {
    const files = new Map([
      ['src/renderer/a.ts', "import { b } from './b.ts'"],
      ['src/renderer/b.ts', "\nimport type { C } from './c.ts'"],
      ['src/renderer/c.ts', "import { a } from './a.ts'"],
      ['src/renderer/d.ts', "import { a } from './a.ts'"],
    ])
    expect(checkImports(files)).toEqual([
      {
        file: 'src/renderer/a.ts',
        line: 1,
        imported: './b.ts',
        rule: 'these files import each other in a circle: src/renderer/a.ts, src/renderer/b.ts, src/renderer/c.ts',
      },
    ])
    expect(importCycles(importsIn('a.ts', "import './a.ts'"))).toEqual([['a.ts']])
  })
})
