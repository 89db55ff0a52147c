import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Whether this is the first time ever: the file remembers it. */
export async function isFirstTime(file: string): Promise<boolean> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await (await open(file, 'wx')).close()
    return true
  } catch {
    return false
  }
}
