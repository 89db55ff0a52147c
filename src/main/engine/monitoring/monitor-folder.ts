/** The monitor files of a project's folder. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileProblem } from '#shared/errors.ts'
import type { Monitor } from '#shared/monitors.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { type MonitorSurroundings, monitorFile, monitorsFolder, parseMonitor } from './monitor-file.ts'

/** Sorted; valid or not. */
export async function listMonitorNames(projectPath: string): Promise<string[]> {
  const entries = await readdir(join(projectPath, monitorsFolder)).catch(() => [])
  return entries
    .filter((entry) => entry.endsWith('.yaml') && !entry.startsWith('.'))
    .map((entry) => entry.slice(0, -'.yaml'.length))
    .sort()
}

export interface MonitorFolder {
  readonly monitors: readonly Monitor[]
  readonly problems: readonly FileProblem[]
}

/** Every monitor of a project, and every problem of those that cannot be read. */
export async function readMonitors(
  project: { readonly id: string; readonly path: string },
  surroundings: MonitorSurroundings = {},
): Promise<MonitorFolder> {
  const monitors: Monitor[] = []
  const problems: FileProblem[] = []
  const seen = new Map<string, string>()
  for (const name of await listMonitorNames(project.path)) {
    const file = monitorFile(name)
    const text = await readFile(join(project.path, file), 'utf8')
    const parsed = parseMonitor({ projectId: project.id, text, file }, surroundings)
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) problems.push(twin(file, other))
    else if (parsed.ok) monitors.push(parsed.monitor)
    else problems.push(...parsed.problems)
    seen.set(name.toLowerCase(), file)
  }
  return { monitors, problems }
}

/** Names that differ in case alone are one file on some systems. */
function twin(file: string, other: string): FileProblem {
  return { file, line: 1, column: 1, message: `The name differs from that of ${other} in upper and lower case alone.` }
}

/** @throws EsteiraError `monitor-not-found`, `monitor-invalid` with every problem of the file */
export async function readMonitor(
  project: { readonly id: string; readonly path: string },
  name: string,
  surroundings: MonitorSurroundings = {},
): Promise<Monitor> {
  const known = await listMonitorNames(project.path)
  if (!known.includes(name)) throw monitorNotFound(name, known)
  const file = monitorFile(name)
  const text = await readFile(join(project.path, file), 'utf8')
  const parsed = parseMonitor({ projectId: project.id, text, file }, surroundings)
  if (parsed.ok) return parsed.monitor
  const count = parsed.problems.length === 1 ? 'one problem' : `${parsed.problems.length} problems`
  throw new EsteiraError('monitor-invalid', `The monitor "${name}" has ${count}.`, {
    where: file,
    problems: parsed.problems,
    next: 'Mend the file; "esteira monitors" checks all of them.',
  })
}

export function monitorNotFound(name: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('monitor-not-found', `There is no monitor "${name}".`, {
    where: `${monitorsFolder}/`,
    found: name,
    allowed: known.join(', ') || 'no monitors yet',
    ...(nearest !== undefined && { nearest }),
  })
}
