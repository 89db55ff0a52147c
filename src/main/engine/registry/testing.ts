import type { Store } from '../store/store.ts'

/** For tests: projects, each with one run, all named by the id alone. */
export function addProjects(store: Store, ids: readonly string[]): void {
  for (const id of ids) {
    store.run('INSERT INTO project (id, path, name, added_at) VALUES ($id, $id, $id, 0)', { id })
    store.run(
      `INSERT INTO run (id, project_id, pipeline, pipeline_version, parameters, seed, status, started_by, steps_total,
         created_at) VALUES ($id, $id, 'train', 'v', '{}', 1, 'running', 'test', 1, 0)`,
      { id },
    )
  }
}
