import type { LineageNode } from '#shared/lineage.ts'

const segment = encodeURIComponent

/** The page of lineage around a thing. */
export function lineageHref(of: string): string {
  return `/lineage?of=${segment(of)}`
}

/** The page of the thing itself; undefined where it has none. */
export function pageOf({ id, kind }: LineageNode): string | undefined {
  const name = id.slice(id.indexOf(':') + 1)
  const at = name.indexOf('/')
  const [first, rest] = [name.slice(0, at), name.slice(at + 1)]
  switch (kind) {
    case 'dataset':
      return `/data/${first}/${segment(rest)}`
    case 'column':
      return `/data/${first}/${segment(rest.slice(0, rest.indexOf('.')))}?tab=schema`
    case 'pipeline':
      return `/pipelines/${first}/${segment(rest)}`
    case 'feature-view':
      return `/features/${first}/${segment(rest)}`
    case 'run':
      return `/runs/${name}`
    case 'step':
      return `/runs/${first}?step=${segment(rest)}`
    case 'version':
      return `/models/${segment(first)}/${rest}`
    case 'endpoint':
      return `/endpoints/${segment(name)}`
    case 'artifact':
    case 'file':
      return undefined
  }
}
