import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The shell and the UI. Main and preload are CommonJS for Electron 25 (Node 18) and newer, because that is the oldest
 * runtime the tests meet; the engine is built apart, by `engine.vite.config.ts`, since it runs without Electron.
 */
const oldestNode = 'node18'
const oldestBrowser = 'chrome114'
const commonJs = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunk-[hash].cjs' } as const

/** Pages lie at paths such as `/runs/42`, so the addresses of their files must not be relative, as for file URLs. */
const absoluteAddresses: Plugin = { name: 'absolute-addresses', enforce: 'post', config: () => ({ base: '/' }) }

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: oldestNode,
      emptyOutDir: false,
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: { input: { index: here('src/main/index.ts') }, output: commonJs },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: oldestNode,
      rolldownOptions: { input: { index: here('src/preload/index.ts') }, output: commonJs },
    },
  },
  renderer: {
    root: here('src/renderer'),
    plugins: [react(), absoluteAddresses],
    build: {
      outDir: here('out/renderer'),
      emptyOutDir: true,
      target: oldestBrowser,
      minify: true,
      // Module preloading needs no polyfill in the browsers above, and an inlined one would break the policy of the page.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: here('src/renderer/index.html') } },
    },
  },
})
