/** Takes out of texts what must not leave the machine with them. Pure. */

export interface Secrets {
  /** Folders by what stands for them, e.g. `~` for the home folder of the person. */
  readonly folders: readonly { readonly path: string; readonly shownAs: string }[]
}

/** Tokens of this home have this form, those of an earlier one too. */
const tokens = /\b[0-9a-f]{64}\b/g
const credentials = /(\bbearer\s+|\btoken=|\b(?:password|passwd|secret|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s&"',}]+/gi
/** The user name in the paths of other people's files and of other systems. */
const userFolders = /((?:\/home|\/Users|[A-Za-z]:\\{1,2}Users)[/\\]{1,2})[^/\\"'\s:]+/g

/** SHA-256 hashes have the form of a token and go with them. */
export function redact(text: string, { folders }: Secrets): string {
  let shown = text
  const byLength = [...folders].filter(({ path }) => path.length > 1).sort((a, b) => b.path.length - a.path.length)
  for (const { path, shownAs } of byLength) {
    shown = shown.replaceAll(path, shownAs)
    // As it is written within JSON on Windows.
    shown = shown.replaceAll(path.replaceAll('\\', '\\\\'), shownAs)
  }
  return shown.replace(tokens, '[redacted]').replace(credentials, '$1[redacted]').replace(userFolders, '$1[user]')
}
