/** Opening at login on Linux: https://specifications.freedesktop.org/autostart-spec/latest/ */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export function hasAutostart(env: Environment): boolean {
  return existsSync(autostartFile(env))
}

/** Writes the entry that starts a command with the session, or removes it: `undefined`. */
export async function setAutostart(command: readonly string[] | undefined, env: Environment): Promise<void> {
  const path = autostartFile(env)
  if (command === undefined) return rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, autostartEntry(command))
}

function autostartFile(env: Environment): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'autostart/esteira.desktop')
}

/** A desktop entry. In `Exec` every argument stands in quotes, and what means something inside them is escaped. */
export function autostartEntry(command: readonly string[]): string {
  const quoted = command.map((part) => `"${part.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%')}"`)
  // The entry reads a backslash as the beginning of an escape before `Exec` is taken apart.
  const exec = quoted.join(' ').replaceAll('\\', '\\\\')
  return `[Desktop Entry]\nType=Application\nName=Esteira\nExec=${exec}\nX-GNOME-Autostart-enabled=true\n`
}
