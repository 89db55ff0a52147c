/** Pipelines as a canvas and an editor see them: components, drafts, edits, versions. */
import { z } from 'zod'
import { fileProblemSchema } from './errors.ts'
import { instantSchema } from './names.ts'
import { artifactTypeSchema, jsonSchema, parametersSchema } from './runs.ts'

/** A component as palettes and forms show it. */
export const componentInfoSchema = z.object({
  name: z.string(),
  version: z.string(),
  summary: z.string(),
  inputs: z.record(
    z.string(),
    z.object({ types: z.array(artifactTypeSchema), summary: z.string(), optional: z.boolean(), many: z.boolean() }),
  ),
  outputs: z.record(z.string(), z.object({ type: artifactTypeSchema, summary: z.string() })),
  /** JSON Schema (draft 2020-12) of the options, generated from the component's own zod schema. */
  options: z.record(z.string(), jsonSchema),
})
export type ComponentInfo = z.infer<typeof componentInfoSchema>

/** Where a part of a file stands. Lines count from 1, both ends included. */
export const lineRangeSchema = z.object({ from: z.number().int(), to: z.number().int() })
export type LineRange = z.infer<typeof lineRangeSchema>

export const edgeReferenceSchema = z.object({ step: z.string(), output: z.string().nullable() })
export type EdgeReference = z.infer<typeof edgeReferenceSchema>

/** A step as the file says it, complete or not. `output` of an edge is null where the file leaves it open. */
export const draftStepSchema = z.object({
  name: z.string(),
  /** Empty where `uses` is missing. */
  component: z.string(),
  inputs: z.record(z.string(), z.array(edgeReferenceSchema)),
  needs: z.array(z.string()),
  when: z.string().nullable(),
  /** As written: placeholders such as ${{ params.from }} are not filled in. */
  options: parametersSchema,
  retry: z.object({ times: z.number(), delaySeconds: z.number() }).nullable(),
  timeoutMinutes: z.number().nullable(),
  cache: z.boolean(),
  lines: lineRangeSchema,
})
export type DraftStep = z.infer<typeof draftStepSchema>

/** A pipeline file under work: what can be read of it, and every problem, in the same words as the CLI's. */
export const pipelineDraftSchema = z.object({
  text: z.string(),
  description: z.string(),
  parameters: parametersSchema,
  /** In the order of the file. Steps that cannot be read at all are missing here and named in `problems`. */
  steps: z.array(draftStepSchema),
  problems: z.array(fileProblemSchema),
})
export type PipelineDraft = z.infer<typeof pipelineDraftSchema>

const pathSchema = z.array(z.union([z.string(), z.number().int()])).min(1)

/** Changes of a YAML file that leave all other text, comments and layout as they are. */
export const yamlEditSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('set'), path: pathSchema, value: jsonSchema }),
  z.object({ kind: z.literal('remove'), path: pathSchema }),
  /** Gives the key at `path` another name, in place. */
  z.object({ kind: z.literal('rename'), path: pathSchema, key: z.string().min(1) }),
])
export type YamlEdit = z.infer<typeof yamlEditSchema>

/** What the canvas and the forms do to a pipeline file. References of other steps follow. */
export const pipelineEditSchema = z.discriminatedUnion('kind', [
  ...yamlEditSchema.options,
  z.object({
    kind: z.literal('add-step'),
    /** A free name is made from it where it is taken. */
    name: z.string(),
    component: z.string(),
    /** The step after which it stands in the file; at the end when left out. */
    after: z.string().optional(),
    inputs: z.record(z.string(), z.array(edgeReferenceSchema)).default({}),
    options: parametersSchema.default({}),
  }),
  /** Also takes the step out of `in` and `needs` of all others. */
  z.object({ kind: z.literal('remove-step'), name: z.string() }),
  /** Also in `in`, `needs` and `when` of all others. */
  z.object({ kind: z.literal('rename-step'), name: z.string(), newName: z.string() }),
  /** Adds the edge where the input takes many, replaces the one that is there otherwise. */
  z.object({ kind: z.literal('connect'), step: z.string(), input: z.string(), from: edgeReferenceSchema }),
  z.object({ kind: z.literal('disconnect'), step: z.string(), input: z.string(), from: z.string() }),
])
export type PipelineEdit = z.infer<typeof pipelineEditSchema>

export const commitInfoSchema = z.object({
  hash: z.string(),
  at: instantSchema,
  author: z.string(),
  subject: z.string(),
})
export type CommitInfo = z.infer<typeof commitInfoSchema>

/** One text that the file had: in a commit, in a run, or now. */
export const pipelineVersionSchema = z.object({
  /** Equal to `pipelineVersion` of its runs. */
  version: z.string(),
  text: z.string(),
  firstSeenAt: instantSchema,
  /** What the file holds now. */
  current: z.boolean(),
  runs: z.number().int(),
  latestRunId: z.string().nullable(),
  /** The commits that brought this text, newest first. Empty: never committed. */
  commits: z.array(commitInfoSchema),
})
export type PipelineVersion = z.infer<typeof pipelineVersionSchema>

/** A text file of a project, with the hash that a later change must name. */
export const projectTextFileSchema = z.object({ path: z.string(), text: z.string(), sha256: z.string() })
export type ProjectTextFile = z.infer<typeof projectTextFileSchema>

export const projectGitSchema = z.object({
  /** False where the folder is not under git, or no git is installed. */
  repository: z.boolean(),
  branch: z.string().nullable(),
  head: commitInfoSchema.nullable(),
  /** Changed or new files of the project, relative to its folder. */
  changed: z.array(z.string()),
})
export type ProjectGit = z.infer<typeof projectGitSchema>
