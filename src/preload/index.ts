/** Runs in the sandbox before the page: hands it the few things a browser cannot do, and nothing of Electron or Node. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  channelPrefix,
  commandChannel,
  type DesktopApi,
  type DesktopCallName,
  type DesktopPlatform,
  desktopCommands,
  desktopGlobal,
  navigateChannel,
} from '#shared/desktop.ts'

function call<Answer>(name: DesktopCallName, request?: unknown): Promise<Answer> {
  return ipcRenderer.invoke(channelPrefix + name, request)
}

function knownPlatform(): DesktopPlatform {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'
}

/** Messages of one channel. What comes before the page listens waits for it: the shell cannot know when it does. */
function createInbox(channel: string): (listener: (message: string) => void) => () => void {
  const waiting: string[] = []
  const listeners = new Set<(message: string) => void>()
  ipcRenderer.on(channel, (_, message: unknown) => {
    if (typeof message !== 'string') return
    if (listeners.size === 0) waiting.push(message)
    for (const listener of listeners) listener(message)
  })
  return (listener) => {
    listeners.add(listener)
    for (const message of waiting.splice(0)) listener(message)
    return () => listeners.delete(listener)
  }
}

const navigations = createInbox(navigateChannel)
const commands = createInbox(commandChannel)

const api: DesktopApi = {
  platform: knownPlatform(),
  onNavigate: (listener) => navigations(listener),
  onCommand: (listener) =>
    commands((message) => {
      const command = desktopCommands.find((each) => each === message)
      if (command !== undefined) listener(command)
    }),
  pathOfFile,
  pickFolder: (request) => call('pickFolder', request),
  pickFile: (request) => call('pickFile', request),
  notify: (request) => call('notify', request),
  setAppearance: (request) => call('setAppearance', request),
  getOpenAtLogin: () => call('getOpenAtLogin'),
  setOpenAtLogin: (request) => call('setOpenAtLogin', request),
}

function pathOfFile(file: object): string {
  if (!(file instanceof File)) return ''
  // Before Electron 29 the path was a property of the file.
  const path: unknown = webUtils === undefined ? Reflect.get(file, 'path') : webUtils.getPathForFile(file)
  return typeof path === 'string' ? path : ''
}

// Only a page of a local engine; the shell checks every call against the engine's exact origin besides.
declare const location: { readonly protocol: string }
if (location.protocol === 'http:') contextBridge.exposeInMainWorld(desktopGlobal, api)
