/** What `--project` says: the id of a project, its folder, or its name. */
import { resolve } from 'node:path'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { withEngine } from './connect.ts'

type Client = Parameters<Parameters<typeof withEngine>[1]>[0]['client']

/** @throws EsteiraError `project-not-found`; `invalid-usage` for a name that several have */
export async function projectIdOf(client: Client, text: string): Promise<string> {
  const projects = await client.call('listProjects')
  const exact = projects.find(({ id, path }) => id === text || path === resolve(text))
  if (exact !== undefined) return exact.id
  const [named, ...others] = projects.filter(({ name }) => name === text)
  if (named !== undefined && others.length === 0) return named.id
  if (named !== undefined) {
    throw new EsteiraError('invalid-usage', `Several projects are named "${text}".`, {
      where: '--project',
      allowed: [named, ...others].map(({ id, path }) => `${id} (${path})`).join(', '),
    })
  }
  const names = projects.map(({ name }) => name)
  const nearest = nearestName(text, names)
  throw new EsteiraError('project-not-found', `There is no project "${text}".`, {
    where: '--project',
    found: text,
    allowed: names.join(', ') || 'no projects yet',
    ...(nearest !== undefined && { nearest }),
    next: 'List them with "esteira projects", or add a folder with "esteira projects add".',
  })
}
