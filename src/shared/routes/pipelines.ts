/** Pipelines: files of a project, as graphs, drafts and versions; and the project's text files and git. */
import { z } from 'zod'
import {
  commitInfoSchema,
  componentInfoSchema,
  pipelineDraftSchema,
  pipelineEditSchema,
  pipelineVersionSchema,
  projectGitSchema,
  projectTextFileSchema,
} from '../pipelines.ts'
import { pipelineSchema } from '../projects.ts'
import { idParams, ok, projectNameParams, route } from '../route.ts'
import { parametersSchema } from '../runs.ts'

const fileQuery = z.object({ path: z.string().min(1).describe('Relative to the project folder, with "/".') })

export const pipelinesRoutes = {
  listComponents: route('GET', '/components', 'The components that steps can use, with their ports and options.', {
    response: z.array(componentInfoSchema),
  }),
  listPipelines: route(
    'GET',
    '/projects/:id/pipelines',
    'The pipelines of a project, with their graphs and problems.',
    { params: idParams, response: z.array(pipelineSchema) },
  ),
  draftPipeline: route(
    'POST',
    '/projects/:id/pipelines/:name/draft',
    'Applies edits to the text of a pipeline and says what it then holds, without saving it.',
    {
      params: projectNameParams,
      body: z.object({
        text: z.string().max(1_000_000),
        edits: z.array(pipelineEditSchema).max(100).default([]),
        parameters: parametersSchema.default({}).describe('In place of the declared defaults, for the check.'),
      }),
      response: pipelineDraftSchema,
    },
  ),
  listPipelineVersions: route(
    'GET',
    '/projects/:id/pipelines/:name/versions',
    'The texts that the file has had in runs and commits, newest first.',
    { params: projectNameParams, response: z.array(pipelineVersionSchema) },
  ),

  readProjectFile: route('GET', '/projects/:id/file', 'A text file that a person writes: YAML or SQL.', {
    params: idParams,
    query: fileQuery,
    response: projectTextFileSchema,
  }),
  writeProjectFile: route(
    'PUT',
    '/projects/:id/file',
    'Writes a text file whole. Refused with "conflict" where the file is not the one that was read.',
    {
      params: idParams,
      body: z.object({
        path: z.string().min(1).max(500),
        text: z.string().max(1_000_000),
        expected: z.string().nullable().describe('sha256 of the text that is replaced; null for a new file.'),
      }),
      response: projectTextFileSchema,
    },
  ),
  deleteProjectFile: route('DELETE', '/projects/:id/file', 'Deletes a text file of the project.', {
    params: idParams,
    query: fileQuery.extend({ expected: z.string().describe('sha256 of the text that is deleted.') }),
    response: ok,
  }),

  getProjectGit: route('GET', '/projects/:id/git', 'Branch, last commit and changed files of the project.', {
    params: idParams,
    response: projectGitSchema,
  }),
  initProjectGit: route('POST', '/projects/:id/git', 'Puts the folder under git, with a first commit of its texts.', {
    params: idParams,
    response: projectGitSchema,
  }),
  commitProjectFiles: route('POST', '/projects/:id/git/commits', 'Commits the named files, and nothing else.', {
    params: idParams,
    body: z.object({ paths: z.array(z.string().min(1)).min(1).max(100), message: z.string().min(1).max(5_000) }),
    response: commitInfoSchema,
  }),
} as const
