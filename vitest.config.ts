import { defaultExclude, defineConfig } from 'vitest/config'

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
    pool: 'forks',
    setupFiles: ['./scripts/testing/fixed-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
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
