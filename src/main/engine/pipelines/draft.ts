/** A pipeline file under work: edited, and read as far as it can be. Pure. */
import { type Document, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from 'yaml'
import type { DraftStep, EdgeReference, PipelineDraft, PipelineEdit } from '#shared/pipelines.ts'
import { type Json, jsonSchema, type Parameters } from '#shared/runs.ts'
import { editDocument } from '../kernel/yaml-edit.ts'
import { type OpenYaml, openYaml } from '../kernel/yaml-edit-document.ts'
import { isMap as isJsonMap } from '../kernel/yaml-edit-text.ts'
import { endOfEntry, startOfEntry } from '../kernel/yaml-edit-tokens.ts'
import { yamlEditsFor } from './draft-edits.ts'
import { type Catalogue, planPipeline } from './planner.ts'
import type { TriggerSurroundings } from './trigger-problems.ts'

export interface DraftScope {
  /** As shown in problems, e.g. `pipelines/train.yaml`. */
  readonly file: string
  readonly catalogue: Catalogue
  /** In place of the declared defaults, for the check. */
  readonly parameters?: Parameters
  /** What triggers may name; left out, their names are not looked up. */
  readonly surroundings?: TriggerSurroundings | undefined
}

/**
 * Applies the edits one after another and says what the text then holds.
 * @throws EsteiraError `invalid-request`, `conflict` where an edit cannot be made; a text with mistakes is no error
 */
export function draftPipeline(text: string, edits: readonly PipelineEdit[], scope: DraftScope): PipelineDraft {
  const { file, catalogue, parameters = {}, surroundings } = scope
  const name = (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, '')
  const editOne = (document: OpenYaml, edit: PipelineEdit) =>
    editDocument(document, yamlEditsFor(edit, { value: document.value, name, catalogue }))
  const edited = edits.length === 0 ? text : edits.reduce(editOne, openYaml(text)).text
  const planned = planPipeline({ text: edited, file, catalogue, parameters, surroundings })
  return { text: edited, ...readDraft(edited), problems: planned.ok ? [] : planned.problems }
}

function readDraft(text: string): Pick<PipelineDraft, 'description' | 'parameters' | 'steps'> {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    keepSourceTokens: true,
    stringKeys: true,
    logLevel: 'silent',
  })
  const root = document.contents
  if (!isMap(root)) return { description: '', parameters: {}, steps: [] }
  const description = jsonOf(root.get('description', true), document)
  const steps = root.get('steps', true)
  return {
    description: typeof description === 'string' ? description : '',
    parameters: mapOf(jsonOf(root.get('parameters', true), document)),
    steps: isMap(steps) ? steps.items.flatMap((pair) => readStep(pair, document, lines) ?? []) : [],
  }
}

/** Undefined where it has no form of a step at all. */
function readStep(pair: Pair, document: Document, lines: LineCounter): DraftStep | undefined {
  const value = jsonOf(pair.value, document)
  if (!isScalar(pair.key) || pair.srcToken === undefined || (value !== null && !isJsonMap(value))) return undefined
  const step = mapOf(value)
  return {
    name: String(pair.key.value),
    component: textOf(step.uses) ?? '',
    inputs: Object.fromEntries(Object.entries(mapOf(step.in)).map(([input, from]) => [input, readEdges(from)])),
    needs: [step.needs ?? []].flat().filter((need) => typeof need === 'string'),
    when: textOf(step.when) ?? null,
    options: mapOf(step.with),
    retry: readRetry(step.retry),
    timeoutMinutes: typeof step.timeoutMinutes === 'number' ? step.timeoutMinutes : null,
    cache: step.cache !== false,
    lines: {
      from: lines.linePos(startOfEntry(pair.srcToken)).line,
      to: lines.linePos(endOfEntry(pair.srcToken)).line,
    },
  }
}

function readEdges(from: Json): EdgeReference[] {
  return [from].flat().flatMap((reference) => {
    if (typeof reference !== 'string') return []
    const [step = '', output] = reference.split('.')
    return [{ step, output: output ?? null }]
  })
}

function readRetry(retry: Json | undefined): DraftStep['retry'] {
  const { times, delaySeconds } = mapOf(retry)
  // A second is what the planner takes where the file says nothing.
  return typeof times === 'number' ? { times, delaySeconds: typeof delaySeconds === 'number' ? delaySeconds : 1 } : null
}

/** Null where there is nothing, or an alias that leads nowhere. */
function jsonOf(node: unknown, document: Document): Json {
  try {
    const json = jsonSchema.safeParse(isNode(node) ? node.toJS(document, { maxAliasCount: 100 }) : null)
    return json.success ? json.data : null
  } catch {
    return null
  }
}

function mapOf(value: Json | undefined): Record<string, Json> {
  return isJsonMap(value) ? value : {}
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
