/** What helps when the engine does not start. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { app, shell } from 'electron'
import type { EngineState } from './engine-supervisor.ts'

/** Shows the folder of the engine's logs. */
export async function openLogs(home: string): Promise<void> {
  const folder = join(home, 'logs')
  await mkdir(folder, { recursive: true })
  await shell.openPath(folder)
}

/** What someone who helps asks first, as text. */
export function diagnostics(home: string, state: EngineState): string {
  const { platform, arch, versions } = process
  return [
    `Esteira ${app.getVersion()}, Electron ${versions.electron}, Node ${versions.node}, ${platform} ${arch}`,
    `home: ${home}`,
    `engine: ${state.kind}`,
    ...(state.kind === 'lost' ? [`failed starts: ${state.starts}`, state.log] : []),
  ].join('\n')
}
