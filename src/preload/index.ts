/** Runs in the sandbox before the page: hands it the few things a browser cannot do, and nothing of Electron or Node. */
import { contextBridge, ipcRenderer } from 'electron'
import {
  channelPrefix,
  type DesktopApi,
  type DesktopCallName,
  type DesktopPlatform,
  desktopGlobal,
  navigateChannel,
} from '#shared/desktop.ts'

function call<Answer>(name: DesktopCallName, request: unknown): Promise<Answer> {
  return ipcRenderer.invoke(channelPrefix + name, request)
}

function knownPlatform(): DesktopPlatform {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'
}

const api: DesktopApi = {
  platform: knownPlatform(),
  onNavigate(listener) {
    const take = (_: unknown, path: unknown) => {
      if (typeof path === 'string') listener(path)
    }
    ipcRenderer.on(navigateChannel, take)
    return () => ipcRenderer.removeListener(navigateChannel, take)
  },
  pickFolder: (request) => call('pickFolder', request),
  pickFile: (request) => call('pickFile', request),
  notify: (request) => call('notify', request),
  setAppearance: (request) => call('setAppearance', request),
}

// Only a page of a local engine; the shell checks every call against the engine's exact origin besides.
declare const location: { readonly protocol: string }
if (location.protocol === 'http:') contextBridge.exposeInMainWorld(desktopGlobal, api)
