export const fewestCompared = 2
export { maxComparedRuns as mostCompared } from '#shared/run-list.ts'

/** What is chosen in a list, and where the last choice was made: from there a range is spanned. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly anchor: string | undefined
}

export const nothingSelected: Selection = { ids: new Set(), anchor: undefined }

export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id }
}

/** Also chooses everything from the anchor to `id`, in the order of the list. */
export function extendTo(selection: Selection, id: string, list: readonly string[]): Selection {
  const from = selection.anchor === undefined ? -1 : list.indexOf(selection.anchor)
  const to = list.indexOf(id)
  if (from < 0 || to < 0) return toggle(selection, id)
  const range = list.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor }
}

export function compareHref(ids: Iterable<string>): string {
  return `/runs/compare?ids=${[...ids].join(',')}`
}
