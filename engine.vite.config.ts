import { globSync, readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import manifest from './package.json' with { type: 'json' }

/**
 * The engine as JavaScript, for the desktop shell, whose Node may not read TypeScript. Every source file becomes one
 * file at the same depth (`src/main/engine/x.ts`: `out/main/engine/x.js`), so that threads, resources and the launcher
 * are found as they are from the sources. Packages stay outside.
 */
const launcher = 'src/main/engine/cli/esteira.js'
const entries = globSync('src/main/engine/**/*.ts').filter((path) => !/\.test\.ts$|\/testing/.test(path))

/** Threads are started from the file beside, whose name ends differently here. */
const threadAddresses: Plugin = {
  name: 'thread-addresses',
  enforce: 'pre',
  transform: (code) => code.replace(/(new URL\('\.\/[^']+)\.ts(', import\.meta\.url\))/g, '$1.js$2'),
}

const copyLauncher: Plugin = {
  name: 'copy-launcher',
  generateBundle() {
    this.emitFile({
      type: 'asset',
      fileName: launcher.replace('src/', ''),
      source: readFileSync(launcher, 'utf8'),
    })
  },
}

/**
 * What lies above the engine where it is packaged: it names the folder of the application, and makes modules of its files.
 * The whole one stays in the archive.
 */
const engineManifest: Plugin = {
  name: 'engine-manifest',
  generateBundle() {
    const { name, version, license } = manifest
    this.emitFile({
      type: 'asset',
      fileName: 'engine-package.json',
      source: `${JSON.stringify({ name, version, license, private: true, type: 'module' }, null, 2)}\n`,
    })
  },
}

export default defineConfig({
  plugins: [threadAddresses, copyLauncher, engineManifest],
  build: {
    ssr: true,
    outDir: 'out',
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: entries,
      output: { format: 'es', preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
})
