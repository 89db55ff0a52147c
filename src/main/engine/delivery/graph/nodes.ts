/** Rows of the metadata store as nodes of the lineage graph. Pure. */
import type { LineageNode } from '#shared/lineage.ts'
import type { ArtifactRow, EndpointRow, RunRow, StepRow, VersionRow } from './lineage-shapes.ts'
import { type Thing, thingId } from './things.ts'

export function stepNode({ runId, step, component, status, cached, pipeline, projectId, at }: StepRow): LineageNode {
  return {
    id: thingId({ kind: 'step', runId, step }),
    kind: 'step',
    label: step,
    detail: `${component} · ${pipeline} ${runId.slice(0, 10)}`,
    projectId,
    at,
    state: cached === 1 ? 'cached' : status,
  }
}

export function artifactNode({ hash, type, at }: ArtifactRow): LineageNode {
  return {
    id: thingId({ kind: 'artifact', hash }),
    kind: 'artifact',
    label: type,
    detail: hash.slice(0, 12),
    projectId: null,
    at,
    state: null,
  }
}

export function versionNode({ model, version, projectId, at, aliases, serving }: VersionRow): LineageNode {
  return {
    id: thingId({ kind: 'version', model, version }),
    kind: 'version',
    label: `${model} ${version}`,
    detail: aliases ?? '',
    projectId,
    at,
    state: serving > 0 ? 'serving' : null,
  }
}

export function endpointNode({ name, projectId, model, version, at }: EndpointRow): LineageNode {
  return {
    id: thingId({ kind: 'endpoint', name }),
    kind: 'endpoint',
    label: name,
    detail: `${model} ${version}`,
    projectId,
    at,
    state: null,
  }
}

export function runNode({ id, pipeline, projectId, at, status }: RunRow): LineageNode {
  return { id: thingId({ kind: 'run', id }), kind: 'run', label: pipeline, detail: id, projectId, at, state: status }
}

type ProjectThing = Extract<Thing, { projectId: string }>

/** Of what a person writes: nothing but its name is stored. */
export function projectNode(thing: ProjectThing): LineageNode {
  return { id: thingId(thing), kind: thing.kind, ...namesOf(thing), projectId: thing.projectId, at: null, state: null }
}

function namesOf(thing: ProjectThing): { label: string; detail: string } {
  switch (thing.kind) {
    case 'column':
      return { label: thing.column, detail: thing.dataset }
    case 'file': {
      const at = thing.path.lastIndexOf('/')
      return { label: thing.path.slice(at + 1), detail: thing.path.slice(0, Math.max(0, at)) }
    }
    case 'dataset':
    case 'feature-view':
    case 'pipeline':
      return { label: thing.name, detail: '' }
  }
}
