/** A text file of a project changed on behalf of a person, and committed alone where nothing else of it was uncommitted. */
import type { AcceptedAnomaly } from '#shared/data.ts'
import type { CommitInfo } from '#shared/pipelines.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Authoring } from '../pipelines/authoring.ts'
import { commitFiles, readProjectGit } from '../pipelines/project-git.ts'

export type ProjectFiles = Pick<Authoring, 'readFile' | 'writeFile'>

interface FileToChange {
  readonly projectId: string
  /** The folder of the project. */
  readonly folder: string
  /** Relative to it. */
  readonly file: string
}

/**
 * @param change the new text and the message of the commit, made from the text as it is
 * @throws EsteiraError `conflict` where the file changed meanwhile
 */
export async function changeFile(
  files: ProjectFiles,
  { projectId, folder, file }: FileToChange,
  change: (text: string) => Promise<{ text: string; message: string }>,
): Promise<AcceptedAnomaly> {
  const wasClean = await isClean(folder, file)
  const { text: before, sha256: expected } = await files.readFile(projectId, file)
  const { text: after, message } = await change(before)
  const written = await files.writeFile(projectId, { path: file, text: after, expected })
  const committed = await commitIfClean(folder, file, message, wasClean)
  return { file, before, after, sha256: written.sha256, ...committed }
}

/** Whether the file has no uncommitted changes of its own; undefined outside a repository. */
async function isClean(folder: string, file: string): Promise<boolean | undefined> {
  const { repository, changed } = await readProjectGit(folder)
  return repository ? !changed.includes(file) : undefined
}

async function commitIfClean(
  folder: string,
  file: string,
  message: string,
  wasClean: boolean | undefined,
): Promise<{ commit: CommitInfo | null; note: string | null }> {
  if (wasClean === undefined) return { commit: null, note: 'The project folder is not under git.' }
  if (!wasClean) return { commit: null, note: `The file "${file}" held other changes that were not committed.` }
  try {
    return { commit: await commitFiles(folder, [file], message), note: null }
  } catch (error) {
    // The file is changed as asked; that git refuses is worth a word, not a failure.
    if (!(error instanceof EsteiraError)) throw error
    const said = error.context.found === undefined ? '' : ` ${error.context.found}`
    return { commit: null, note: `${error.message}${said}` }
  }
}
