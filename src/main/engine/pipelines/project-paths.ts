/** Which files of a project may be read and written by name, and where they really lie. */
import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { isInside } from '../data/project-file.ts'
import { EsteiraError } from '../kernel/errors.ts'

/** What a person writes in a project as text. Code that runs is not among it: it is edited where code is edited. */
const textFile = /(\.(ya?ml|sql|md)|^\.gitignore)$/i

/** The names that a part of a path may have on every platform; hidden files and folders, `.git` above all, are left alone. */
const forbiddenPart = /^$|^\.(?!gitignore$)|[<>:"|?*\\\p{Cc}]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu

/**
 * Checks the form of a path relative to the project folder, with "/" between folders.
 * @throws EsteiraError `path-outside-project`, `invalid-request`
 */
export function checkProjectPath(path: string): void {
  const parts = path.split('/')
  if (parts.includes('..') || /^([/\\]|[a-z]:)/i.test(path)) throw outsideProject(path)
  const forbidden = parts.find((part) => forbiddenPart.test(part))
  if (forbidden === undefined && path.length <= 500) return
  throw new EsteiraError('invalid-request', `The path "${path}" cannot be used for a file of the project.`, {
    where: path,
    ...(forbidden !== undefined && { found: forbidden === '' ? 'an empty name' : forbidden }),
    next: 'Use names without hidden folders and special characters, with "/" between them.',
  })
}

/** @throws EsteiraError `invalid-request` for a file that is not one of the texts of a project */
export function checkTextPath(path: string): void {
  checkProjectPath(path)
  const name = path.split('/').at(-1) ?? ''
  if (textFile.test(name)) return
  throw new EsteiraError('invalid-request', `"${name}" is not a text file of a project.`, {
    where: path,
    allowed: '.yaml, .yml, .sql, .md, .gitignore',
  })
}

/**
 * The absolute path of a text file that may not exist yet, symbolic links resolved.
 * @throws EsteiraError `path-outside-project`, `invalid-request`, `project-not-found`
 */
export async function resolveTextFile(folder: string, path: string): Promise<string> {
  checkTextPath(path)
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new EsteiraError('project-not-found', 'The folder of the project is gone.', { where: folder, cause })
  })
  const target = await resolveExisting(join(root, path), path)
  if (!isInside(target, root)) throw outsideProject(path)
  // A link inside the project may lead to a file that cannot be named directly.
  checkTextPath(relative(root, target).split(sep).join('/'))
  return target
}

/** With every link on the way resolved, as far as the path exists. */
async function resolveExisting(path: string, asked: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const isLink = await lstat(path).then(
      (entry) => entry.isSymbolicLink(),
      () => false,
    )
    // A link to nothing: where it would write cannot be told.
    if (isLink || dirname(path) === path) throw outsideProject(asked, error)
    return join(await resolveExisting(dirname(path), asked), path.slice(dirname(path).length + 1))
  }
}

function outsideProject(path: string, cause?: unknown): EsteiraError {
  return new EsteiraError('path-outside-project', `The path "${path}" leads out of the project folder.`, {
    where: path,
    next: 'Name a file relative to the project folder.',
    cause,
  })
}
