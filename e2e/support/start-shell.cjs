/**
 * Starts the shell for Playwright, which must be connected before the first window opens: it would sometimes miss one that
 * comes earlier, and wait for ever. It calls `__playwright_run` once it listens.
 */
const { join } = require('node:path')
const { app } = require('electron')

const listening = new Promise((resolve) => {
  globalThis.__playwright_run = resolve
})
const whenReady = app.whenReady.bind(app)
app.whenReady = () => Promise.all([whenReady(), listening])

require(join(__dirname, '../../out/main/index.cjs'))
