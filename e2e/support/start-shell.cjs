/**
 * Starts the shell for Playwright, which must be connected before the first window opens: it would sometimes miss one that
 * comes earlier, and wait for ever. It calls `__playwright_run` once it listens.
 *
 * What the shell hands to the system and nobody can read back is kept in `globalThis.seen`.
 */
const { spawn } = require('node:child_process')
const { join } = require('node:path')
const electron = require('electron')

const { app, BrowserWindow, Notification, Tray } = electron

const listening = new Promise((resolve) => {
  globalThis.__playwright_run = resolve
})
const whenReady = app.whenReady.bind(app)
app.whenReady = () => Promise.all([whenReady(), listening])

const seen = { trayMenu: undefined, trayText: '', trayImages: [], progress: [], notifications: [], badge: 0 }
globalThis.seen = seen

/** Notes the first argument of a method, and does what it does. */
function watch(prototype, name, note) {
  const original = prototype[name]
  prototype[name] = function (...args) {
    note(...args)
    return original.apply(this, args)
  }
}
watch(Tray.prototype, 'setContextMenu', (menu) => {
  seen.trayMenu = menu
})
watch(Tray.prototype, 'setToolTip', (text) => {
  seen.trayText = text
})
watch(Tray.prototype, 'setImage', (image) => seen.trayImages.push(image.isEmpty() ? 'empty' : image.toDataURL()))
watch(BrowserWindow.prototype, 'setProgressBar', (progress) => seen.progress.push(progress))
app.setBadgeCount = (count) => {
  seen.badge = count
  return true
}
// A machine without a desktop has nothing that shows them.
Notification.isSupported = () => true
Notification.prototype.show = function () {
  seen.notifications.push({ title: this.title, body: this.body, click: () => this.emit('click') })
}

/** This Electron may be too old to host the engine: then the Node named here does, as the process that it would be. */
const hostingNode = process.env.ESTEIRA_TEST_NODE
if (hostingNode !== undefined) {
  Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '10' } })
  electron.utilityProcess.fork = (path, args, { env }) =>
    spawn(hostingNode, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

require(join(__dirname, '../../out/main/index.cjs'))
