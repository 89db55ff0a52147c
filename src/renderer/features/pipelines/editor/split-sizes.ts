/** How the editor's three parts share its width. Pure. */
import { z } from 'zod'

/** Shares of the width: canvas first, then inspector, then text. */
export const splitSchema = z.object({
  inspector: z.number().min(0.1).max(0.7),
  text: z.number().min(0.1).max(0.7),
  inspectorOpen: z.boolean(),
  textOpen: z.boolean(),
})
export type Split = z.infer<typeof splitSchema>
export type SidePart = 'inspector' | 'text'

export const defaultSplit: Split = { inspector: 0.27, text: 0.35, inspectorOpen: true, textOpen: true }
const smallest = 0.18
const smallestCanvas = 0.25

export function readSplit(kept: string | null): Split {
  try {
    return splitSchema.parse(JSON.parse(kept ?? 'null'))
  } catch {
    return defaultSplit
  }
}

/** The split with the left edge of `part` moved by `by`, a share of the width; to the right where positive. */
export function moveEdge(split: Split, part: SidePart, by: number): Split {
  if (part === 'text' && split.inspectorOpen) return moveBetween(split, by)
  const other = part === 'text' ? openShare(split, 'inspector') : openShare(split, 'text')
  const size = clamp(split[part] - by, smallest, 1 - smallestCanvas - other)
  return { ...split, [part]: size }
}

/** Between inspector and text, what one gains the other loses. */
function moveBetween(split: Split, by: number): Split {
  const both = split.inspector + split.text
  const inspector = clamp(split.inspector + by, smallest, both - smallest)
  return { ...split, inspector, text: both - inspector }
}

export function openShare(split: Split, part: SidePart): number {
  return (part === 'text' ? split.textOpen : split.inspectorOpen) ? split[part] : 0
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
