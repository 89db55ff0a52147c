/** Text files that a step reads from the project folder, such as schemas. */
import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { EsteiraError, nearestName } from '../kernel/errors.ts'

/** What makes a folder a project. */
export const projectFileName = 'esteira.yaml'

/**
 * The absolute path of a file of the project, symbolic links resolved.
 * @throws EsteiraError `path-outside-project`, `project-invalid` where there is no such file
 */
export async function projectFile(path: string, projectPath: string): Promise<string> {
  const root = await realpath(projectPath)
  const wanted = resolve(root, path)
  const file = await realpath(wanted).catch(async () => {
    if (!isInside(wanted, root)) throw outside(path, root)
    throw await missing(path, wanted)
  })
  if (!isInside(file, root)) throw outside(path, root)
  return file
}

export async function readProjectFile(path: string, projectPath: string): Promise<string> {
  return await readFile(await projectFile(path, projectPath), 'utf8')
}

/** Whether the path lies in the folder, both absolute with links resolved. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

export function outside(path: string, root: string): EsteiraError {
  return new EsteiraError('path-outside-project', `The path "${path}" leads out of the project folder.`, {
    where: root,
    next: 'Copy the file into the project folder.',
  })
}

async function missing(path: string, wanted: string): Promise<EsteiraError> {
  const nearest = nearestName(basename(wanted), await readdir(dirname(wanted)).catch(() => []))
  return new EsteiraError('project-invalid', `The file "${path}" does not exist in the project.`, {
    where: dirname(wanted),
    ...(nearest !== undefined && { nearest }),
  })
}
