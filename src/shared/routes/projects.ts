/** Projects: the folders that a home knows. */
import { z } from 'zod'
import { taskSchema } from '../models.ts'
import { nameSchema } from '../names.ts'
import { initReportSchema, projectSchema } from '../projects.ts'
import { idParams, ok, route } from '../route.ts'

export const projectsRoutes = {
  listProjects: route('GET', '/projects', 'All projects of this home.', { response: z.array(projectSchema) }),
  addProject: route('POST', '/projects', 'Adds a folder that holds an esteira.yaml; adding it again is fine.', {
    body: z.object({
      path: z.string().describe('Absolute path of the folder.'),
      trust: z.boolean().default(false).describe('Allow its scripts and components to run.'),
    }),
    response: projectSchema,
  }),
  addSample: route('POST', '/projects/sample', 'Copies the sample project into a folder and adds it.', {
    body: z.object({
      path: z.string().optional().describe('Default: a new folder under the home.'),
    }),
    response: projectSchema,
  }),
  initProject: route('POST', '/projects/init', 'Makes a project from one data file and its target column.', {
    body: z.object({
      path: z.string().describe('Absolute path of the new project folder.'),
      data: z.string().describe('Absolute path of a CSV, Parquet or JSON file.'),
      target: z.string(),
      task: taskSchema.optional().describe('Told from the target when left out.'),
      name: nameSchema.optional(),
      use: z.record(z.string(), z.boolean()).default({}).describe('Columns to use or leave out, against the advice.'),
    }),
    response: initReportSchema,
  }),
  getProject: route('GET', '/projects/:id', 'One project.', { params: idParams, response: projectSchema }),
  removeProject: route('DELETE', '/projects/:id', 'Forgets the project; its folder and its history stay.', {
    params: idParams,
    response: ok,
  }),
} as const
