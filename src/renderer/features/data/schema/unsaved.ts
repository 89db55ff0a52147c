/** Schema texts that are not saved yet, kept while the app is open: another tab or page does not lose them. */
const texts = new Map<string, string>()

const keyOf = (projectId: string, file: string) => `${projectId} ${file}`

export const unsavedText = (projectId: string, file: string): string | undefined => texts.get(keyOf(projectId, file))

/** Undefined forgets it. */
export function keepUnsaved(projectId: string, file: string, text: string | undefined): void {
  if (text === undefined) texts.delete(keyOf(projectId, file))
  else texts.set(keyOf(projectId, file), text)
}
