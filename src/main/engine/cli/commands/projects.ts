import { resolve } from 'node:path'
import type { Project } from '#shared/projects.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatTable } from '../output.ts'

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('all projects of the home')
    .action(async () => {
      const projects = await withEngine(line, ({ client }) => client.call('listProjects'))
      line.answer(projects, () => describeProjects(projects))
    })
  command
    .command('add')
    .description('add a folder that holds an esteira.yaml')
    .argument('<dir>')
    .option('--trust', 'allow its scripts and components to run')
    .action(async (folder: string, { trust = false }: { trust?: boolean }) => {
      const body = { path: resolve(folder), trust }
      const project = await withEngine(line, ({ client }) => client.call('addProject', { body }))
      line.answer(project, () => `Added ${project.name} as ${project.id}.`)
    })
  command
    .command('sample')
    .description('copy the sample project into a folder and add it')
    .argument('[dir]', 'default: a new folder in the home')
    .action(async (folder: string | undefined) => {
      const body = folder === undefined ? {} : { path: resolve(folder) }
      const project = await withEngine(line, ({ client }) => client.call('addSample', { body }))
      line.answer(project, () => `Added ${project.name} at ${project.path}.`)
    })
  command
    .command('remove')
    .description('forget a project; its folder and history stay')
    .argument('<id>')
    .action(async (id: string) => {
      const answer = await withEngine(line, ({ client }) => client.call('removeProject', { params: { id } }))
      line.answer(answer, () => `Removed ${id}; its folder stays.`)
    })
}

function describeProjects(projects: readonly Project[]): string {
  if (projects.length === 0) return 'No projects yet: "esteira init" makes one from a data file.'
  const rows = projects.map(({ id, name, path, pipelines, available }) => [
    id,
    name,
    available ? pipelines.join(', ') : '(not readable)',
    path,
  ])
  return formatTable(['id', 'name', 'pipelines', 'folder'], rows)
}
