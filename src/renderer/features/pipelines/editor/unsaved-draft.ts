/** A text that was not saved, kept for as long as the tab lives, so that leaving a page loses nothing. */
import { z } from 'zod'

const unsavedSchema = z.object({
  text: z.string(),
  /** sha256 of the file that the work began from. */
  from: z.string(),
})
export type Unsaved = z.infer<typeof unsavedSchema>

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const keyOf = (projectId: string, path: string) => `esteira-draft:${projectId}:${path}`

/** Undefined where nothing is kept, or where what is kept cannot be read. */
export function readUnsaved(shelf: Shelf, projectId: string, path: string): Unsaved | undefined {
  try {
    const kept = shelf.getItem(keyOf(projectId, path))
    return kept === null ? undefined : unsavedSchema.safeParse(JSON.parse(kept)).data
  } catch {
    return undefined
  }
}

/** A full or forbidden storage is not a reason to stop the work: then the draft lives in the page alone. */
export function keepUnsaved(shelf: Shelf, projectId: string, path: string, unsaved: Unsaved | undefined): void {
  const key = keyOf(projectId, path)
  try {
    if (unsaved === undefined) shelf.removeItem(key)
    else shelf.setItem(key, JSON.stringify(unsaved))
  } catch {
    shelf.removeItem(key)
  }
}
