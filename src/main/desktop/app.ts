/** The life of the desktop application: one per home, from its start to its end. */
import { join } from 'node:path'
import { app, powerMonitor } from 'electron'
import { z } from 'zod'
import { Desktop } from './desktop.ts'
import { givenArguments, pageOfArguments, pageOfPath } from './given.ts'
import { readOptions } from './options.ts'
import { pageOfDeepLink, pagePathSchema } from './page-path.ts'

/** What a second start hands to the first. */
const handedOverSchema = z.object({ page: pagePathSchema.optional() })

/** Starts the app, or hands over to the one that already runs for this home. */
export function startDesktop(): void {
  const options = readOptions(process.argv, process.env, Number(process.versions.napi ?? 0))
  // One app per home: its lock, its window's place and its profile lie there.
  app.setPath('userData', join(options.home, 'desktop'))
  // Chromium refuses to combine the two; without the switch every renderer is sandboxed, whatever its window says.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  const page = pageOfArguments(givenArguments(process.argv, app.isPackaged), process.cwd())
  const handedOver: z.infer<typeof handedOverSchema> = { page }
  if (!app.requestSingleInstanceLock(handedOver)) {
    app.quit()
    return
  }
  const desktop = new Desktop(options)
  if (page !== undefined) desktop.goTo(page)
  app.on('second-instance', (_event, _argv, _folder, handed) => {
    const { data } = handedOverSchema.safeParse(handed)
    if (data?.page === undefined) desktop.show()
    else desktop.goTo(data.page)
  })
  openWhatSystemGives(desktop)
  endInOrder(desktop)
  app.on('activate', () => desktop.show())
  void app.whenReady().then(async () => {
    // On Linux the desktop entry of the package says so.
    if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient('esteira')
    await desktop.open()
    powerMonitor.on('resume', () => desktop.resumed())
    powerMonitor.on('shutdown', () => desktop.quitUnasked())
  })
}

/** macOS hands files and links over as events, which may come before the app is ready. */
function openWhatSystemGives(desktop: Desktop): void {
  const take = (event: { preventDefault(): void }, page: string | undefined) => {
    event.preventDefault()
    if (page !== undefined) desktop.goTo(page)
  }
  app.on('open-file', (event, path) => take(event, pageOfPath(path, '/')))
  app.on('open-url', (event, url) => take(event, pageOfDeepLink(url)))
}

function endInOrder(desktop: Desktop): void {
  // The app lives on in the tray.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    if (!desktop.mayQuit()) event.preventDefault()
  })
  app.on('will-quit', (event) => {
    event.preventDefault()
    void desktop.end().finally(() => app.exit(0))
  })
  // Who sends a signal waits for no dialog.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => desktop.quitUnasked())
}
