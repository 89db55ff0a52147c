/** Lineage: from anything to anything, as nodes and edges, and what a change would make stale. */
import { z } from 'zod'
import { instantSchema } from './names.ts'

export const lineageKinds = [
  'dataset',
  'column',
  'file',
  'feature-view',
  'pipeline',
  'run',
  'step',
  'artifact',
  'version',
  'endpoint',
] as const
export const lineageKindSchema = z.enum(lineageKinds)
export type LineageKind = z.infer<typeof lineageKindSchema>

/** Upstream leads to the data, downstream to what was made of it. */
export const lineageDirectionSchema = z.enum(['upstream', 'downstream'])
export type LineageDirection = z.infer<typeof lineageDirectionSchema>

export const lineageNodeSchema = z.object({
  /**
   * Names the thing in full: `dataset:<project>/<name>`, `column:<project>/<dataset>.<column>`, `file:<project>/<path>`,
   * `feature-view:<project>/<name>`, `pipeline:<project>/<name>`, `run:<id>`, `step:<run>/<step>`, `artifact:<hash>`,
   * `version:<model>/<number>`, `endpoint:<name>`.
   */
  id: z.string(),
  kind: lineageKindSchema,
  label: z.string(),
  /** One more line, e.g. the component of a step. */
  detail: z.string(),
  projectId: z.string().nullable(),
  at: instantSchema.nullable(),
  /** A state to mark it with: the status of a step or run, the aliases of a version. */
  state: z.string().nullable(),
})
export type LineageNode = z.infer<typeof lineageNodeSchema>

/** `to` was made of, or with, `from`. */
export const lineageEdgeSchema = z.object({ from: z.string(), to: z.string(), label: z.string() })
export type LineageEdge = z.infer<typeof lineageEdgeSchema>

export const lineageNeighboursSchema = z.object({
  nodes: z.array(lineageNodeSchema),
  edges: z.array(lineageEdgeSchema),
  /** Of the next page; absent where all are named. */
  nextOffset: z.number().int().optional(),
})
export type LineageNeighbours = z.infer<typeof lineageNeighboursSchema>

export const lineageGraphSchema = z.object({
  nodes: z.array(lineageNodeSchema),
  edges: z.array(lineageEdgeSchema),
  /** True where the bound on nodes cut something off. */
  truncated: z.boolean(),
})
export type LineageGraph = z.infer<typeof lineageGraphSchema>

const step = z.string()
const dataset = z.string()
const column = z.string()
const view = z.string()

/** Why something would no longer hold. */
export const staleReasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('is-the-view') }),
  z.object({ kind: z.literal('is-its-file') }),
  z.object({ kind: z.literal('file-read'), step }),
  z.object({ kind: z.literal('options-name-file'), step }),
  z.object({ kind: z.literal('sql-reads'), dataset }),
  z.object({ kind: z.literal('sql-mentions'), dataset, column }),
  z.object({ kind: z.literal('sql-takes-all'), dataset }),
  z.object({ kind: z.literal('step-reads-view'), step, view }),
  z.object({ kind: z.literal('run-took-view'), view }),
  z.object({ kind: z.literal('step-reads-dataset'), step }),
  z.object({ kind: z.literal('option-names-column'), step, option: z.string() }),
  z.object({ kind: z.literal('step-reads-computed'), step }),
  z.object({ kind: z.literal('step-reads-all'), step }),
  z.object({ kind: z.literal('made-from'), dataset, step }),
  z.object({ kind: z.literal('is-input') }),
  z.object({ kind: z.literal('is-target') }),
  z.object({ kind: z.literal('learned-computed') }),
  z.object({ kind: z.literal('answers'), model: z.string(), version: z.number().int() }),
])
export type StaleReason = z.infer<typeof staleReasonSchema>

/** What an answer leans on that may be wrong. */
export const approximationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sql-names') }),
  z.object({ kind: z.literal('computed-columns'), dataset, column }),
  z.object({ kind: z.literal('rows-alone') }),
])
export type Approximation = z.infer<typeof approximationSchema>

/** Something that would no longer hold. */
export const staleItemSchema = z.object({
  node: lineageNodeSchema,
  /** `certain`: it reads the thing itself. `possible`: it may, as far as texts and records tell. */
  certainty: z.enum(['certain', 'possible']),
  /** In English, and as structure. */
  reason: z.string(),
  why: staleReasonSchema,
})
export type StaleItem = z.infer<typeof staleItemSchema>

export const impactSchema = z.object({
  items: z.array(staleItemSchema),
  /** Versions beyond the bound, which were not looked at: older ones, without an alias and not serving. */
  versionsLeft: z.number().int(),
  /** What the answer leans on that may be wrong: in English, and as structure. */
  approximations: z.array(z.string()),
  leansOn: z.array(approximationSchema),
})
export type Impact = z.infer<typeof impactSchema>

export const lineageAnswerSchema = z.object({
  node: lineageNodeSchema,
  upstream: lineageGraphSchema,
  downstream: lineageGraphSchema,
  /** What would be stale if it changed; null for what cannot change, such as an artifact. */
  impact: impactSchema.nullable(),
})
export type LineageAnswer = z.infer<typeof lineageAnswerSchema>
