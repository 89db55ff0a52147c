import { fileURLToPath } from 'node:url'
import { defaultExclude, defineConfig } from 'vitest/config'

/**
 * Threads and processes that tests start keep their compiled code, as those of an installation do (see cli/esteira.js):
 * most of what a short-lived one costs is to compile the engine once more.
 */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/esteira', import.meta.url))

/** Tests that kill real processes many times take minutes: a part of their own in `npm test`. */
const survival = '**/*.survival.test.ts'
/** The whole history of the sample: minutes of real training. */
const sample = '**/*.sample.test.ts'
/** The README's commands, as a newcomer types them. */
const commands = '**/*.commands.test.ts'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A test waits for a condition; how long that takes is up to the machine.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // By default one is left out for the tool itself, which is half of a machine with two.
    maxWorkers: '100%',
    setupFiles: ['./scripts/testing/fixed-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // A process runs many files and loads what they share once. So a test puts back what it changes of its process.
          isolate: false,
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...defaultExclude, survival, sample, commands],
        },
      },
      { extends: true, test: { name: 'survival', include: [`src/${survival}`], fileParallelism: false } },
      { extends: true, test: { name: 'sample', include: [`src/${sample}`], fileParallelism: false } },
      { extends: true, test: { name: 'commands', include: [`scripts/${commands}`] } },
    ],
  },
})
