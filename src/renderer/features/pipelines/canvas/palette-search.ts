/** Components as the palette lists them. Pure. */
import type { ComponentInfo } from '#shared/pipelines.ts'

export interface PaletteGroup {
  /** What stands before the slash: `data`, `model`. */
  readonly name: string
  readonly components: readonly ComponentInfo[]
}

/** Components that hold every word of the query, grouped; those whose name matches come first in their group. */
export function searchComponents(components: readonly ComponentInfo[], query: string): PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found = components.filter((component) => {
    const text = `${component.name} ${component.summary}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const groups = new Map<string, ComponentInfo[]>()
  for (const component of found) {
    const group = component.name.split('/')[0] ?? component.name
    groups.set(group, [...(groups.get(group) ?? []), component])
  }
  const inName = ({ name }: ComponentInfo) => words.every((word) => name.toLowerCase().includes(word))
  return [...groups].map(([name, list]) => ({
    name,
    components: list.toSorted((a, b) => Number(inName(b)) - Number(inName(a))),
  }))
}

/** What a new step of the component is first called; the engine makes the name free. */
export function stepNameFor(component: string): string {
  return component.split('/').at(-1) ?? component
}
