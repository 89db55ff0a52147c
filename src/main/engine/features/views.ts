/** Feature views of a project: `features/*.yaml`, read with every problem placed. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { durationMs } from '#shared/durations.ts'
import type { FileProblem } from '#shared/errors.ts'
import {
  type FeatureView,
  type FeatureViewList,
  type FeatureViewSpec,
  featureViewSpecSchema,
} from '#shared/features.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { type Positions, parseYamlFile } from '../kernel/yaml-file.ts'

export const featuresFolder = 'features'

/** Relative to the project folder, always with "/". */
export function featureViewFile(name: string): string {
  return `${featuresFolder}/${name}.yaml`
}

export type ParsedFeatureView =
  | { readonly ok: true; readonly view: FeatureView; readonly positions: Positions }
  | { readonly ok: false; readonly problems: FileProblem[] }

/** @param file relative to the project folder, as shown in problems */
export function parseFeatureView(text: string, file: string): ParsedFeatureView {
  const parsed = parseYamlFile(text, file, featureViewSpecSchema)
  if (!parsed.ok) return parsed
  const { value: spec, positions } = parsed
  const problems = meaningProblems(spec, file, positions)
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, view: normalised(spec, file), positions }
}

function normalised(spec: FeatureViewSpec, file: string): FeatureView {
  const decisive = {
    name: spec.name,
    entity: [spec.entity].flat(),
    eventTime: spec.eventTime,
    knownAt: spec.knownAt ?? null,
    ttlMs: spec.ttl === undefined ? null : (durationMs(spec.ttl) ?? null),
    query: spec.query.replaceAll('\r\n', '\n').trim(),
  }
  return { ...decisive, file, version: featureViewVersion(decisive), description: spec.description, owner: spec.owner }
}

/**
 * Twelve hexadecimal digits over all that decides the values of a view. Comments in the file, layout, description and owner
 * are not among it: they may change without another version.
 */
export function featureViewVersion({
  name,
  entity,
  eventTime,
  knownAt,
  ttlMs,
  query,
}: Pick<FeatureView, 'name' | 'entity' | 'eventTime' | 'knownAt' | 'ttlMs' | 'query'>): string {
  return hashJson({ name, entity, eventTime, knownAt, ttlMs, query }).slice(0, 12)
}

/** What the form alone does not show. */
function meaningProblems(spec: FeatureViewSpec, file: string, positions: Positions): FileProblem[] {
  const problems: FileProblem[] = []
  const expected = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '')
  if (spec.name !== expected) {
    const message = 'The name of a feature view is the name of its file.'
    problems.push(positions.problem(['name'], { message, found: spec.name, expected }))
  }
  const seen = new Map<string, string>()
  for (const { path, column } of namedColumns(spec)) {
    const key = column.toLowerCase()
    const other = seen.get(key)
    if (other === undefined) seen.set(key, path.join('.'))
    else {
      const message = `The column "${column}" is named twice: here and in "${other}".`
      problems.push(positions.problem(path, { message, found: column, expected: 'a column of its own for each part' }))
    }
  }
  return problems
}

function namedColumns({
  entity,
  eventTime,
  knownAt,
}: FeatureViewSpec): { path: (string | number)[]; column: string }[] {
  const entities = Array.isArray(entity)
    ? entity.map((column, index) => ({ path: ['entity', index], column }))
    : [{ path: ['entity'], column: entity }]
  const times = [{ path: ['eventTime'], column: eventTime }]
  if (knownAt !== undefined) times.push({ path: ['knownAt'], column: knownAt })
  return [...entities, ...times]
}

/** The names of the view files in the folder of a project, sorted; valid or not. */
export async function listFeatureViewNames(projectPath: string): Promise<string[]> {
  const entries = await readdir(join(projectPath, featuresFolder)).catch(() => [])
  return entries
    .filter((entry) => entry.endsWith('.yaml') && !entry.startsWith('.'))
    .map((entry) => entry.slice(0, -'.yaml'.length))
    .sort()
}

/** Every view of a project, and every problem of those that cannot be read. */
export async function listFeatureViews(projectPath: string): Promise<FeatureViewList> {
  const views: FeatureView[] = []
  const problems: FileProblem[] = []
  const seen = new Map<string, string>()
  for (const name of await listFeatureViewNames(projectPath)) {
    const file = featureViewFile(name)
    const parsed = parseFeatureView(await readFile(join(projectPath, file), 'utf8'), file)
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) problems.push(twin(file, other))
    else if (parsed.ok) views.push(parsed.view)
    else problems.push(...parsed.problems)
    seen.set(name.toLowerCase(), file)
  }
  return { views, problems }
}

/** Names that differ in case alone are one file on some systems. */
function twin(file: string, other: string): FileProblem {
  return { file, line: 1, column: 1, message: `The name differs from that of ${other} in upper and lower case alone.` }
}

/**
 * The text of a view's file and what it says.
 * @throws EsteiraError `feature-view-not-found`, `feature-view-invalid` with every problem of the file
 */
export async function readFeatureView(
  projectPath: string,
  name: string,
): Promise<{ view: FeatureView; text: string; positions: Positions }> {
  const known = await listFeatureViewNames(projectPath)
  if (!known.includes(name)) throw viewNotFound(name, known)
  const file = featureViewFile(name)
  const text = await readFile(join(projectPath, file), 'utf8')
  const parsed = parseFeatureView(text, file)
  if (parsed.ok) return { view: parsed.view, text, positions: parsed.positions }
  throw invalidView(name, file, parsed.problems)
}

export function invalidView(name: string, file: string, problems: readonly FileProblem[]): EsteiraError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  return new EsteiraError('feature-view-invalid', `The feature view "${name}" has ${count}.`, {
    where: file,
    problems,
    next: 'Mend the file; "esteira features check" checks it against the data.',
  })
}

export function viewNotFound(name: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('feature-view-not-found', `The project has no feature view "${name}".`, {
    where: `${featuresFolder}/`,
    found: name,
    allowed: known.join(', ') || 'no feature views yet',
    ...(nearest !== undefined && { nearest }),
  })
}
