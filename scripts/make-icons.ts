/**
 * Draws the icons of the app into `resources/icons`: after a change of `package/icons.ts`. The installers derive the other
 * formats (.icns, .ico) from `icon.png`.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { chromiumLaunchOptions } from '../e2e/support/chromium.ts'
import { appIcon, trayIcon, trayLooks, trayStates } from './package/icons.ts'

const folder = fileURLToPath(new URL('../resources/icons', import.meta.url))
const appSizePx = 1024
const trayScales = [
  ['', 1],
  ['@2x', 2],
] as const

async function draw(page: Page, svg: string, sizePx: number, name: string): Promise<void> {
  await page.setViewportSize({ width: sizePx, height: sizePx })
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${sizePx}px }</style>${svg}`)
  await page.screenshot({ path: join(folder, name), omitBackground: true })
}

const browser = await chromium.launch(await chromiumLaunchOptions())
const page = await browser.newPage()
await writeFile(join(folder, 'icon.svg'), `${appIcon()}\n`)
await draw(page, appIcon(), appSizePx, 'icon.png')
for (const state of trayStates) {
  for (const look of trayLooks) {
    // Menu bars of macOS are 16 points high inside; elsewhere the tray scales down what is larger.
    const basePx = look === 'Template' ? 16 : 32
    for (const [suffix, scale] of trayScales) {
      await draw(page, trayIcon(state, look), basePx * scale, `tray-${state}${look}${suffix}.png`)
    }
  }
}
await browser.close()
