import { spawn } from 'node:child_process'
import type { DefineCommand } from '../command-line.ts'
import { requireEngine } from '../connect.ts'
import { uiUrl } from '../ui-url.ts'

export const define: DefineCommand = (command, line) => {
  command.option('--print', 'only print the address').action(async ({ print }: { print?: true }) => {
    const { controlUrl, token } = await requireEngine(line)
    const url = uiUrl(controlUrl, token)
    const opened = print !== true && !line.json && (await openBrowser(url))
    line.answer({ url }, () => (opened ? `Opened ${controlUrl} in the browser.` : url))
  })
}

/** Whether there is a program that opens addresses, and it took this one. */
function openBrowser(url: string): Promise<boolean> {
  const [program, ...args] = opener()
  if (program === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    child.on('error', () => resolve(false))
    child.on('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

function opener(): string[] {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  const display = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY
  return display === undefined ? [] : ['xdg-open']
}
