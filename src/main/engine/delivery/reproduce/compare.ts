/** How a run made again compares with the first: step by step, file by file, value by value. Pure. */
import type { ReproducedStep, ReproductionReport } from '#shared/reproduction.ts'
import type { RunEnvironment } from '#shared/run-record.ts'
import type { Artifact, Json, StepExecution } from '#shared/runs.ts'

export interface Compared {
  readonly recorded: readonly StepExecution[]
  readonly again: readonly StepExecution[]
  /** Steps whose recorded artifacts were taken. */
  readonly notRun: ReadonlySet<string>
  readonly sources: ReproductionReport['sources']
  readonly environment: { readonly recorded: RunEnvironment | null; readonly now: RunEnvironment | null }
  readonly notes: readonly string[]
  artifactOf(hash: string): Artifact | undefined
}

export function compareWithFirst(compared: Compared): ReproductionReport {
  const again = new Map(compared.again.map((step) => [step.name, step]))
  const steps = compared.recorded.flatMap((recorded) => {
    const repeated = again.get(recorded.name)
    return repeated === undefined ? [] : [compareStep(recorded, repeated, compared)]
  })
  const identical = steps.every(({ outcome }) => outcome === 'identical') && steps.length === compared.recorded.length
  return {
    verdict: identical ? 'identical' : 'differs',
    steps,
    sources: [...compared.sources],
    environment: compareEnvironments(compared.environment.recorded, compared.environment.now),
    notes: [...compared.notes],
  }
}

function compareStep(recorded: StepExecution, again: StepExecution, { notRun, artifactOf }: Compared): ReproducedStep {
  const outputs = [...new Set([...Object.keys(recorded.outputs), ...Object.keys(again.outputs)])].sort()
  const artifacts = outputs.map((output) =>
    compareArtifact(output, recorded.outputs[output], again.outputs[output], artifactOf),
  )
  const values = differences(recorded.values, again.values)
  const same = recorded.status === again.status && values.length === 0 && artifacts.every(({ identical }) => identical)
  return {
    step: recorded.name,
    outcome: notRun.has(recorded.name) ? 'not-run' : same ? 'identical' : 'differs',
    recordedStatus: recorded.status,
    status: again.status,
    artifacts,
    values,
  }
}

function compareArtifact(
  output: string,
  recorded: string | undefined,
  again: string | undefined,
  artifactOf: Compared['artifactOf'],
): ReproducedStep['artifacts'][number] {
  const identical = recorded === again
  const before = filesOf(recorded, artifactOf)
  const after = filesOf(again, artifactOf)
  const names = identical ? [] : [...new Set([...before.keys(), ...after.keys()])].sort()
  const files = names.map((name) => ({ name, recorded: before.get(name) ?? null, again: after.get(name) ?? null }))
  return {
    output,
    identical,
    recorded: recorded ?? null,
    again: again ?? null,
    files: files.filter((file) => file.recorded !== file.again),
  }
}

function filesOf(hash: string | undefined, artifactOf: Compared['artifactOf']): Map<string, string> {
  const files = hash === undefined ? [] : (artifactOf(hash)?.files ?? [])
  return new Map(files.map(({ name, sha256 }) => [name, sha256]))
}

/** Of two JSON values, down to the scalars that differ. */
function differences(recorded: Json | undefined, again: Json | undefined, name = ''): ReproducedStep['values'] {
  if (isObject(recorded) && isObject(again)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(again)])].sort()
    return keys.flatMap((key) => differences(recorded[key], again[key], name === '' ? key : `${name}.${key}`))
  }
  if (JSON.stringify(recorded) === JSON.stringify(again)) return []
  return [{ name, recorded: recorded ?? null, again: again ?? null }]
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function compareEnvironments(
  recorded: RunEnvironment | null,
  now: RunEnvironment | null,
): ReproductionReport['environment'] {
  if (recorded === null || now === null) return []
  const parts = ['esteira', 'node', 'platform', 'lock'] as const
  return parts.flatMap((what) =>
    recorded[what] === now[what] ? [] : [{ what, recorded: recorded[what] ?? 'none', now: now[what] ?? 'none' }],
  )
}
