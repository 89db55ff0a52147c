import { test as base } from '@playwright/test'
import { TestEngine } from './engine.ts'
import { type Seeded, seed } from './seed.ts'

interface SeededEngine extends Seeded {
  readonly engine: TestEngine
}

const seedTimeoutMs = 180_000

/** `engine`: a fresh one per test. `seeded`: one with runs and models, shared by the tests of a file that only look. */
export const test = base.extend<{ engine: TestEngine }, { seeded: SeededEngine }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  engine: async ({}, use) => {
    const engine = await TestEngine.start()
    await use(engine)
    await engine.remove()
  },
  seeded: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const engine = await TestEngine.start()
      await use({ engine, ...(await seed(engine)) })
      await engine.remove()
    },
    { scope: 'worker', timeout: seedTimeoutMs },
  ],
})
export { expect } from '@playwright/test'
