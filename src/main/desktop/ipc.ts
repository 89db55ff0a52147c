/** The one wrapper around raw IPC. Nothing else in the app touches `ipcMain` or sends to a page. */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import {
  channelPrefix,
  commandChannel,
  type DesktopCallName,
  type DesktopCalls,
  type DesktopCommand,
  desktopCallNames,
  navigateChannel,
} from '#shared/desktop.ts'
import { requestSchemas } from './ipc-requests.ts'

/** Answers the calls of pages that `isTrusted` accepts, if what they send has the right form. */
export function handleCalls(calls: DesktopCalls, isTrusted: (event: IpcMainInvokeEvent) => boolean): void {
  for (const name of desktopCallNames) handleCall(name, calls, isTrusted)
}

function handleCall(
  name: DesktopCallName,
  calls: DesktopCalls,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
): void {
  ipcMain.handle(channelPrefix + name, (event, payload: unknown) => {
    if (!isTrusted(event)) throw new Error(`The call ${name} is not open to this page.`)
    return dispatch(name, calls, payload)
  })
}

function dispatch(name: DesktopCallName, calls: DesktopCalls, payload: unknown): Promise<unknown> {
  switch (name) {
    case 'pickFolder':
      return calls.pickFolder(requestSchemas.pickFolder.parse(payload))
    case 'pickFile':
      return calls.pickFile(requestSchemas.pickFile.parse(payload))
    case 'notify':
      return calls.notify(requestSchemas.notify.parse(payload))
    case 'setAppearance':
      return calls.setAppearance(requestSchemas.setAppearance.parse(payload))
    case 'getOpenAtLogin':
      requestSchemas.getOpenAtLogin.parse(payload)
      return calls.getOpenAtLogin()
    case 'setOpenAtLogin':
      return calls.setOpenAtLogin(requestSchemas.setOpenAtLogin.parse(payload))
  }
}

/** Sends the page to a path of the app. */
export function sendNavigate(contents: WebContents, path: string): void {
  contents.send(navigateChannel, path)
}

/** Asks the page for something that it does. */
export function sendCommand(contents: WebContents, command: DesktopCommand): void {
  contents.send(commandChannel, command)
}
