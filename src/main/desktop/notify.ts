import { Notification } from 'electron'

export interface Notice {
  readonly title: string
  readonly body: string
  readonly icon: string
  onClick(): void
}

/** One that is collected as garbage would not answer a click. */
const shown = new Set<Notification>()

/** Shows a notification of the system, where it has any. */
export function notify({ title, body, icon, onClick }: Notice): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body, icon })
  shown.add(notification)
  notification.on('click', () => onClick())
  notification.on('close', () => shown.delete(notification))
  notification.show()
}
