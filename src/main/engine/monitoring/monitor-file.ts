/** Monitors of a project: `monitors/*.yaml`, read with every problem placed. Pure. */
import { z } from 'zod'
import { durationMs } from '#shared/durations.ts'
import type { FileProblem } from '#shared/errors.ts'
import {
  type CheckSpec,
  checkKindSchema,
  checkSpecSchema,
  type Monitor,
  type MonitorCheck,
  type MonitorSpec,
  type MonitorWindow,
  monitorSpecSchema,
} from '#shared/monitors.ts'
import { nameSchema } from '#shared/names.ts'
import { nearestName } from '../kernel/errors.ts'
import { type Positions, parseYamlFile, shown, zodProblems } from '../kernel/yaml-file.ts'
import { alertProblems } from './alerts/alert-problems.ts'
import { limitProblems } from './limit-problems.ts'

export const monitorsFolder = 'monitors'

/** Relative to the project folder, always with "/". */
export function monitorFile(name: string): string {
  return `${monitorsFolder}/${name}.yaml`
}

/** What the names of a file are held against; what is undefined is not looked at. */
export interface MonitorSurroundings {
  readonly endpoints?: readonly string[]
  /** Schema files in the folder "schemas" of the project, relative to the project; others are looked for when they are used. */
  readonly schemas?: readonly string[]
  /** Of the version that answers at the endpoint. */
  readonly inputs?: (endpoint: string) => readonly string[] | undefined
}

export type ParsedMonitor =
  | { readonly ok: true; readonly monitor: Monitor; readonly positions: Positions }
  | { readonly ok: false; readonly problems: FileProblem[] }

export interface MonitorText {
  readonly projectId: string
  readonly text: string
  /** Relative to the project folder, as shown in problems. */
  readonly file: string
}

/** Every problem at once: of the form, of each check by its kind, and of what the form alone does not show. */
export function parseMonitor(
  { projectId, text, file }: MonitorText,
  surroundings: MonitorSurroundings = {},
): ParsedMonitor {
  const parsed = parseYamlFile(text, file, z.unknown())
  if (!parsed.ok) return parsed
  const { value, positions } = parsed
  const problems = formProblems(value, positions)
  const result = monitorSpecSchema.safeParse(value)
  if (!result.success) return { ok: false, problems: byPlace(problems) }
  problems.push(
    ...nameProblems(result.data, file, positions),
    ...windowProblems(result.data, positions),
    ...limitProblems(result.data, positions),
    ...alertProblems(result.data, positions),
    ...unknownNames(result.data, positions, surroundings),
  )
  if (problems.length > 0) return { ok: false, problems: byPlace(problems) }
  return { ok: true, monitor: normalised(result.data, projectId, file), positions }
}

const frameSchema = monitorSpecSchema.extend({ checks: z.record(nameSchema, z.unknown()) })
const kindSchema = z.looseObject({ kind: checkKindSchema })
const checksSchema = z.looseObject({ checks: z.record(z.string(), z.unknown()) })

/** Each check is held against the form of its own kind, so that only the keys that it can have are named. */
function formProblems(value: unknown, positions: Positions): FileProblem[] {
  const frame = frameSchema.safeParse(value)
  const problems = frame.success ? [] : zodProblems(frame.error, value, positions, frameSchema)
  const checks = checksSchema.safeParse(value)
  if (!checks.success) return problems
  const entries = Object.entries(checks.data.checks)
  if (entries.length === 0) problems.push(positions.problem(['checks'], { message: 'The monitor holds no check.' }))
  for (const [name, check] of entries) {
    const path = ['checks', name]
    const kind = kindSchema.safeParse(check)
    const schema = kind.success ? formOf(kind.data.kind) : kindSchema
    const result = schema.safeParse(check)
    if (!result.success) problems.push(...zodProblems(result.error, check, positions, schema, path))
  }
  return problems
}

function formOf(kind: CheckSpec['kind']): z.ZodType {
  return checkSpecSchema.options.find(({ shape }) => shape.kind.value === kind) ?? checkSpecSchema
}

function nameProblems({ name }: MonitorSpec, file: string, positions: Positions): FileProblem[] {
  const expected = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '')
  if (name === expected) return []
  const message = 'The name of a monitor is the name of its file.'
  return [positions.problem(['name'], { message, found: name, expected })]
}

/** Looks more often than this would press on the machine. */
const shortestEveryMs = 10_000

function windowProblems(spec: MonitorSpec, positions: Positions): FileProblem[] {
  const problems: FileProblem[] = []
  const windows: [(string | number)[], MonitorSpec['window'] | undefined][] = [
    [['window'], spec.window],
    ...Object.entries(spec.checks).map(([name, check]): [(string | number)[], MonitorSpec['window'] | undefined] => [
      ['checks', name, 'window'],
      check.window,
    ]),
  ]
  for (const [path, window] of windows) {
    if (window === undefined || typeof window === 'string') continue
    if ((window.sliding === undefined) === (window.tumbling === undefined)) {
      const message = 'A window is either sliding or tumbling.'
      problems.push(
        positions.problem(path, { message, found: shown(window), expected: '{ sliding: 6h } or { tumbling: 1d }' }),
      )
    }
  }
  if (spec.every !== undefined && (durationMs(spec.every) ?? 0) < shortestEveryMs) {
    const message = 'Looks cannot follow each other so closely.'
    problems.push(positions.problem(['every'], { message, found: spec.every, expected: '10s or more' }))
  }
  return problems
}

function unknownNames(
  spec: MonitorSpec,
  positions: Positions,
  { endpoints, schemas, inputs }: MonitorSurroundings,
): FileProblem[] {
  const problems: FileProblem[] = []
  const look = (path: (string | number)[], what: string, found: string, known: readonly string[] | undefined) => {
    if (known === undefined || known.includes(found)) return
    const nearest = nearestName(found, known)
    problems.push(
      positions.problem(path, {
        message: `The ${what} "${found}" is not known.`,
        found,
        expected: known.length === 0 ? `no ${what} is known yet` : `one of ${known.join(', ')}`,
        ...(nearest !== undefined && { nearest }),
      }),
    )
  }
  look(['endpoint'], 'endpoint', spec.endpoint, endpoints)
  const known = inputs?.(spec.endpoint)
  for (const [name, check] of Object.entries(spec.checks)) {
    const path = ['checks', name]
    if (check.kind === 'data-quality' && check.schema.startsWith('schemas/')) {
      look([...path, 'schema'], 'schema file', check.schema, schemas)
    }
    if (check.kind === 'performance' && check.slice !== undefined) look([...path, 'slice'], 'input', check.slice, known)
    if (check.kind !== 'drift') continue
    for (const [index, column] of (check.columns ?? []).entries())
      look([...path, 'columns', index], 'input', column, known)
    for (const column of Object.keys(check.measures ?? {})) {
      look([...path, 'measures', column], 'input', column, check.columns ?? known)
    }
  }
  return problems
}

const defaultEveryMs = 3_600_000

function normalised(spec: MonitorSpec, projectId: string, file: string): Monitor {
  const window = windowOf(spec.window)
  const checks = Object.entries(spec.checks).map(
    ([name, check]): MonitorCheck => ({
      name,
      spec: check,
      window: check.window === undefined ? window : windowOf(check.window),
      minRows: check.minRows ?? spec.minRows,
    }),
  )
  const byWindow = window.kind === 'tumbling' ? window.lengthMs : defaultEveryMs
  const everyMs = spec.every === undefined ? byWindow : (durationMs(spec.every) ?? byWindow)
  const { name, description, owner, endpoint, alerts } = spec
  return { projectId, name, file, description, owner, endpoint, everyMs, checks, alerts }
}

function windowOf(window: MonitorSpec['window']): MonitorWindow {
  if (typeof window === 'string') return { kind: 'sliding', lengthMs: durationMs(window) ?? 0 }
  if (window.tumbling !== undefined) return { kind: 'tumbling', lengthMs: durationMs(window.tumbling) ?? 0 }
  return { kind: 'sliding', lengthMs: durationMs(window.sliding ?? '') ?? 0 }
}

function byPlace(problems: readonly FileProblem[]): FileProblem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
