/**
 * Edits of a YAML text that leave everything else as it is: comments, blank lines, quotes, order, line breaks. New text is put
 * at the places that the parser found. What comes out is read again and compared with what the edit means, so that a layout
 * that is not understood is refused rather than damaged.
 */
import { isDeepStrictEqual } from 'node:util'
import { EsteiraError } from './errors.ts'
import { type OpenYaml, openYaml } from './yaml-edit-document.ts'
import { splicesFor } from './yaml-edit-splices.ts'
import { applySplices } from './yaml-edit-tokens.ts'
import { type AnyEdit, editValue, smallEdits } from './yaml-edit-value.ts'

/**
 * The text with the edits made one after another. Setting a map or list over another one changes only what differs; setting a
 * path whose parents are missing makes them; a map or list that loses its last entry stays, as `{}` or `[]`.
 * @throws EsteiraError `invalid-request` where a path leads nowhere; `conflict` where a name is taken, the text is not YAML, or
 *   its layout cannot be kept (a value that an alias repeats)
 */
export function editYaml(text: string, edits: readonly AnyEdit[]): string {
  return edits.length === 0 ? text : editDocument(openYaml(text), edits).text
}

/** The same for a text that has been read already. */
export function editDocument(opened: OpenYaml, edits: readonly AnyEdit[]): OpenYaml {
  let document = opened
  for (const edit of edits) {
    // Says what is wrong with the path before anything is changed.
    editValue(document.value, edit)
    for (const part of smallEdits(document.value, edit)) document = applied(document, part)
  }
  return document
}

function applied(document: OpenYaml, edit: AnyEdit): OpenYaml {
  const expected = editValue(document.value, edit)
  const text = applySplices(document.text, splicesFor(document, edit))
  const changed = reopened(text, edit)
  if (isDeepStrictEqual(changed.value, expected)) return changed
  throw cannotKeep(edit)
}

function reopened(text: string, edit: AnyEdit): OpenYaml {
  try {
    return openYaml(text)
  } catch (error) {
    throw cannotKeep(edit, error)
  }
}

function cannotKeep(edit: AnyEdit, cause?: unknown): EsteiraError {
  return new EsteiraError('conflict', `The layout of the file does not allow the edit of "${edit.path.join('.')}".`, {
    where: edit.path.join('.'),
    next: 'Edit the text by hand; anchors, aliases and unusual layouts are left alone.',
    cause,
  })
}
