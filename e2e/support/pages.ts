/** Shows a page in both themes and both languages: accessible, and pictured for a person to look at. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const themes = ['light', 'dark'] as const
const languages = ['en', 'pt-BR'] as const
const settleMs = 300

export interface Place {
  readonly name: string
  readonly path: string
  readonly width?: number
  /** Brings the page into the state to be looked at. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

type Look = { readonly theme: (typeof themes)[number]; readonly language: (typeof languages)[number] }

/** What the looks at one place share: the browser keeps its files, so that only the first look loads them. */
export function openContext(browser: Browser, { width = 1360 }: Pick<Place, 'width'> = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width, height: 860 }, reducedMotion: 'reduce' })
}

/** A page of its own, as someone sees it who chose the theme and the language. */
export async function show(
  context: BrowserContext,
  uiUrl: string,
  { name, path, prepare }: Place,
  { theme, language }: Look,
): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(
    ([scheme, chosen]) => {
      localStorage.setItem('mantine-color-scheme-value', scheme)
      localStorage.setItem('esteira-language', chosen)
    },
    [theme, language] as const,
  )
  await page.goto(uiUrl.replace('/#', `${path}#`))
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('[aria-busy]')).toHaveCount(0)
  await prepare?.(page)
  // Fonts and the first layout of a graph settle.
  await page.waitForTimeout(settleMs)
  await page.screenshot({ path: `e2e/screenshots/${name}-${theme}-${language}.png` })
  return page
}

export async function expectAccessible(page: Page): Promise<void> {
  // In one piece, as no page has frames, and without a report on all that is well: half the time, the same violations.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    serious.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, failureSummary }) => [target, failureSummary]),
    })),
  ).toEqual([])
}

export async function lookAt(browser: Browser, uiUrl: string, place: Place): Promise<void> {
  const context = await openContext(browser, place)
  for (const theme of themes) {
    for (const language of languages) {
      await test.step(`${theme}, ${language}`, async () => {
        const page = await show(context, uiUrl, place, { theme, language })
        // What axe finds does not depend on the language.
        if (language === 'en') await expectAccessible(page)
        await page.close()
      })
    }
  }
  await context.close()
}
