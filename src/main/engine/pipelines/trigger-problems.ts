/** What is wrong with the triggers of a pipeline beyond the form of each. */
import type { FileProblem } from '#shared/errors.ts'
import { type CheckKind, checksRead } from '#shared/monitors.ts'
import { nearestName } from '../kernel/errors.ts'
import type { Positions } from '../kernel/yaml-file.ts'
import type { PipelineSpec } from './spec.ts'
import { triggerIdentity } from './trigger-rule.ts'
import type { TriggerEntry, TriggerSpec } from './trigger-spec.ts'
import { triggerTemplateProblems } from './trigger-template.ts'

/** What the project around a pipeline holds, as far as triggers name it. */
export interface TriggerSurroundings {
  readonly datasets: readonly string[]
  /** Those in the registry, and those that pipelines of the project register. */
  readonly models: readonly string[]
  /** Pipelines of the project, each with those that its triggers wait for. */
  readonly pipelines: ReadonlyMap<string, readonly string[]>
  /** Monitors of the project, each with the kinds of its checks; undefined where its file cannot be read. */
  readonly monitors: ReadonlyMap<string, ReadonlyMap<string, CheckKind> | undefined>
}

type Path = readonly (string | number)[]
type Report = (path: Path, details: Omit<FileProblem, 'file' | 'line' | 'column' | 'path'>) => FileProblem

/** Parameters that the pipeline does not declare, triggers that are there twice, and names that the project does not have. */
export function triggerProblems(
  spec: PipelineSpec,
  positions: Positions,
  surroundings?: TriggerSurroundings,
): FileProblem[] {
  const identities = spec.triggers.map(triggerIdentity)
  return spec.triggers.flatMap((trigger, index) => {
    const path = ['triggers', index]
    const isRepeated = identities.indexOf(identities[index] ?? '') < index
    return [
      ...parameterProblems(trigger, path, Object.keys(spec.parameters), positions),
      ...triggerTemplateProblems(trigger, (inner, details) => positions.problem([...path, ...inner], details)),
      ...(isRepeated ? [repeated(trigger, path, positions)] : []),
      ...(surroundings === undefined
        ? []
        : nameProblems(trigger, path, { spec, surroundings, report: (at, details) => positions.problem(at, details) })),
    ]
  })
}

function repeated(trigger: TriggerSpec, path: Path, positions: Positions): FileProblem {
  return trigger.schedule === undefined
    ? positions.problem(path, { message: 'The same trigger is there twice.' })
    : positions.problem(path, { message: 'The same schedule is there twice.', found: trigger.schedule })
}

function parameterProblems(
  trigger: TriggerSpec,
  path: Path,
  declared: readonly string[],
  positions: Positions,
): FileProblem[] {
  return Object.keys(trigger.parameters)
    .filter((name) => !declared.includes(name))
    .map((name) =>
      positions.keyProblem([...path, 'parameters', name], {
        message: `The pipeline has no parameter "${name}".`,
        found: name,
        expected: declared.length > 0 ? `one of ${declared.join(', ')}` : 'no parameters',
        ...nearest(name, declared),
      }),
    )
}

interface Scope {
  readonly spec: PipelineSpec
  readonly surroundings: TriggerSurroundings
  readonly report: Report
}

function nameProblems(entry: TriggerEntry, path: Path, scope: Scope): FileProblem[] {
  const { datasets, models } = scope.surroundings
  const inner = (['all', 'any'] as const).flatMap((group) =>
    (entry[group] ?? []).flatMap((part, index) => nameProblems(part, [...path, group, index], scope)),
  )
  const unknown = (kind: string, name: string | undefined, known: readonly string[], at: Path) =>
    name === undefined || known.includes(name)
      ? []
      : [
          scope.report([...path, ...at], {
            message: `The project has no ${kind} "${name}".`,
            found: name,
            expected: known.length > 0 ? `one of ${known.join(', ')}` : `no ${kind} yet`,
            ...nearest(name, known),
          }),
        ]
  return [
    ...unknown('dataset', entry['new-data'], datasets, ['new-data']),
    ...(['performance', 'drift'] as const).flatMap((kind) => [
      ...unknown('model', entry[kind]?.model, models, [kind, 'model']),
      ...unknown('dataset', entry[kind]?.dataset, datasets, [kind, 'dataset']),
    ]),
    ...alertProblems(entry, scope, unknown),
    ...readingProblems(entry, path, scope, unknown),
    ...afterProblems(entry, [...path, 'after'], scope, unknown),
    ...inner,
  ]
}

type Unknown = (kind: string, name: string, known: readonly string[], at: Path) => FileProblem[]

function alertProblems({ alert }: TriggerEntry, { surroundings }: Scope, unknown: Unknown): FileProblem[] {
  if (alert === undefined) return []
  const { monitors } = surroundings
  if (!monitors.has(alert.monitor)) return unknown('monitor', alert.monitor, [...monitors.keys()], ['alert', 'monitor'])
  const checks = monitors.get(alert.monitor)
  if (alert.check === undefined || checks === undefined) return []
  return unknown('check', alert.check, [...checks.keys()], ['alert', 'check'])
}

/** Of `drift` and `performance` by what a monitor read. */
function readingProblems(entry: TriggerEntry, path: Path, { surroundings, report }: Scope, unknown: Unknown) {
  return (['performance', 'drift'] as const).flatMap((about): FileProblem[] => {
    const { monitor, check } = entry[about] ?? {}
    if (monitor === undefined) return []
    const { monitors } = surroundings
    if (!monitors.has(monitor)) return unknown('monitor', monitor, [...monitors.keys()], [about, 'monitor'])
    const checks = monitors.get(monitor)
    if (checks === undefined) return []
    if (check !== undefined && !checks.has(check)) {
      return unknown('check', check, checkNames(checks, checksRead[about].named), [about, 'check'])
    }
    const problem = (at: string, message: string, fitting: readonly string[]) => [
      report([...path, about, at], {
        message,
        found: check ?? monitor,
        expected: fitting.length > 0 ? `one of ${fitting.join(', ')}` : `a check of ${about}`,
      }),
    ]
    const named = checkNames(checks, checksRead[about].named)
    if (check !== undefined) {
      return named.includes(check) ? [] : problem('check', `The check "${check}" is not about ${about}.`, named)
    }
    const usual = checkNames(checks, checksRead[about].usual)
    if (usual.length === 0) return problem('monitor', `No check of the monitor "${monitor}" is about ${about}.`, named)
    if (about === 'drift' || usual.length === 1) return []
    return problem('monitor', 'The monitor reads several metrics, which one limit does not fit: name a check.', usual)
  })
}

function checkNames(checks: ReadonlyMap<string, CheckKind>, kinds: readonly CheckKind[]): string[] {
  return [...checks].filter(([, kind]) => kinds.includes(kind)).map(([name]) => name)
}

function afterProblems(
  { after }: TriggerEntry,
  path: Path,
  { spec, surroundings, report }: Scope,
  unknown: Unknown,
): FileProblem[] {
  // Another project may not be here: it is looked for when the trigger is.
  if (typeof after !== 'string') return []
  const { pipelines } = surroundings
  const known = [...pipelines.keys()].filter((name) => name !== spec.name)
  if (after !== spec.name && !pipelines.has(after)) return unknown('pipeline', after, known, ['after'])
  const circle = wayBack(after, spec.name, pipelines)
  if (circle === undefined) return []
  const message = `The pipelines would start each other in a circle: ${[spec.name, ...circle].join(' → ')}.`
  return [report(path, { message, found: after })]
}

/** From a pipeline along what its triggers wait for to `target`; undefined where that does not lead there. */
function wayBack(
  from: string,
  target: string,
  pipelines: ReadonlyMap<string, readonly string[]>,
  seen: ReadonlySet<string> = new Set(),
): string[] | undefined {
  if (from === target) return [from]
  if (seen.has(from)) return undefined
  for (const next of pipelines.get(from) ?? []) {
    const rest = wayBack(next, target, pipelines, new Set([...seen, from]))
    if (rest !== undefined) return [from, ...rest]
  }
  return undefined
}

function nearest(name: string, candidates: readonly string[]): { nearest?: string } {
  const found = nearestName(name, candidates)
  return found === undefined ? {} : { nearest: found }
}

/** The pipelines of the same project that triggers wait for, groups included. */
export function pipelinesAwaited(entries: readonly TriggerEntry[]): string[] {
  return entries.flatMap(({ after, all, any }) => [
    ...(typeof after === 'string' ? [after] : []),
    ...pipelinesAwaited([...(all ?? []), ...(any ?? [])]),
  ])
}
