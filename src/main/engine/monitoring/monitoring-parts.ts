/** Monitors, put together for an engine. */
import { join } from 'node:path'
import type { Store } from '../store/store.ts'
import { HourStore } from './hour-store.ts'
import { type LabelledRequests, labelScores } from './label-scores.ts'
import { Looker } from './looks/looker.ts'
import { Monitors, type MonitorsOptions } from './monitors.ts'
import { ReadingStore } from './reading-store.ts'

interface Needed extends Omit<MonitorsOptions, 'readings' | 'hours' | 'looker' | 'logPath' | 'folderOf' | 'labels'> {
  readonly store: Store
  readonly requests: LabelledRequests
  readonly projects: MonitorsOptions['projects'] & { folder(id: string): string }
}

/** @param home the folder of the request log, and that of work under way, which is emptied at every start */
export function createMonitors(
  home: { readonly requestsPath: string; readonly workPath: string },
  { store, requests, ...needed }: Needed,
): Monitors {
  return new Monitors({
    ...needed,
    readings: new ReadingStore(store),
    hours: new HourStore(store),
    looker: new Looker(join(home.workPath, 'monitors')),
    labels: labelScores(requests),
    logPath: home.requestsPath,
    folderOf: (id) => needed.projects.folder(id),
  })
}
