import { z } from 'zod'
import { durationMs, durationSchema } from '#shared/durations.ts'
import type { FileProblem } from '#shared/errors.ts'
import type { FeatureView } from '#shared/features.ts'
import { nameSchema } from '#shared/names.ts'
import type { ParityDifference, ParityReport, ServedFeature } from '#shared/online.ts'
import { sentence } from '#shared/sentences.ts'
import { OnlineStore } from '../features/online/online-store.ts'
import { checkParity } from '../features/online/parity.ts'
import { readServedFeatures, readServedFile } from '../features/online/served-features.ts'
import { listFeatureViews } from '../features/views.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent, SkipStep, type StepContext } from '../pipelines/component.ts'
import { writeJson } from '../training/package.ts'
import { parseInstant } from '../training/preparation/dates.ts'

const options = z.strictObject({
  endpoint: nameSchema.optional().describe('Whose log of served features is replayed, unless the input is connected.'),
  since: durationSchema
    .optional()
    .describe('Only what was served in this last span of time, such as 1d. Default: all.'),
  tolerance: z
    .number()
    .min(0)
    .default(1e-9)
    .describe('By which share numbers may differ: sums of many numbers depend on the order of their parts.'),
  allow: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('The share of values that may differ before the step fails; 1: it only reports.'),
})

/** Fails a pipeline whose endpoint is not served what its models are trained on. */
export const parity = defineComponent({
  name: 'features/parity',
  version: '1',
  summary: 'Replays served features against the offline features of the same time and reports every difference.',
  inputs: {
    served: { types: ['file'], summary: 'Served features as .jsonl, unless "endpoint" is set.', optional: true },
  },
  outputs: { report: { type: 'file', summary: 'parity.json, and every difference in differences.jsonl.' } },
  options,
  // The log goes on.
  cacheable: false,
  async run(context) {
    const { tolerance, allow } = context.options
    const output = context.output('report')
    const { project, scratchPath, signal } = context
    const report = await checkParity({
      served: servedOf(context, await servedPath(context)),
      definitionOf: await definitions(context),
      project,
      scratchPath,
      differencesPath: output.path('differences.jsonl'),
      tolerance,
      signal,
      parseInstant,
    })
    if (report.reads === 0) throw new SkipStep(sentence('nothing-served', {}))
    await writeJson(output.path('parity.json'), report)
    const { reads, values, differing, skipped, differences } = report
    context.value('reads', reads)
    context.value('values', values)
    context.value('differing', differing)
    for (const { view, viewVersion, reason } of skipped) context.log(`${view} ${viewVersion}: ${reason}`, 'warning')
    for (const difference of differences.slice(0, loggedDifferences)) context.log(worded(difference), 'warning')
    context.log(`${differing} of ${values} served values differ from the offline features of the same time.`)
    if (differing > allow * values) throw differ(report)
  },
})

const loggedDifferences = 20

async function servedPath({ services }: StepContext<unknown>): Promise<string> {
  return (await services.featureStore()).servedFeaturesPath
}

/** What is replayed: of this project alone, as an endpoint may have had another owner. */
async function* servedOf(
  context: StepContext<z.output<typeof options>>,
  logPath: string,
): AsyncGenerator<ServedFeature> {
  const { endpoint, since } = context.options
  const input = context.optionalInput('served')
  if ((input === undefined) === (endpoint === undefined)) {
    throw new EsteiraError('invalid-usage', 'Exactly one of the input "served" and the option "endpoint" is needed.', {
      where: context.run.step,
    })
  }
  const earliest = since === undefined ? 0 : Date.now() - (durationMs(since) ?? 0)
  const files = [...(input?.files ?? [])].filter(([name]) => name.endsWith('.jsonl'))
  const sources =
    endpoint === undefined ? files.map(([, path]) => readServedFile(path)) : [readServedFeatures(logPath, endpoint)]
  for (const source of sources) {
    for await (const read of source) if (read.projectId === context.project.id && read.at >= earliest) yield read
  }
}

/** As they were materialised; a version that never was is looked for in the files of the project. */
async function definitions(context: StepContext<unknown>) {
  const { onlinePath } = await context.services.featureStore()
  const { views } = await listFeatureViews(context.project.path)
  const online = OnlineStore.open(onlinePath)
  try {
    const stored = online.list({ projectId: context.project.id }).map(({ definition }) => definition)
    const all = [...views, ...stored]
    return (view: string, version: string): FeatureView | undefined =>
      all.find((definition) => definition.name === view && definition.version === version)
  } finally {
    online.close()
  }
}

function differ({ differing, values, differences }: ParityReport): EsteiraError {
  const [first] = differences
  const detail = `${differing} of ${values} served values differ. ${first === undefined ? '' : worded(first)}`
  return new EsteiraError('features-differ', detail.trim(), {
    problems: differences.map(problemOf),
    next: 'Materialise more often, or mend the view; the differences name entity, values and times.',
  })
}

function worded({ view, feature, entity, online, offline, asOf }: ParityDifference): string {
  const key = Object.values(entity).join(', ')
  return `${view}/${feature} of ${key} at ${shown(asOf)}: served ${String(online)}, offline ${String(offline)}.`
}

function problemOf(difference: ParityDifference): FileProblem {
  const { view, feature, online, offline, onlineEventTime, offlineEventTime } = difference
  return {
    file: `features/${view}.yaml`,
    path: feature,
    message: worded(difference),
    found: `${String(online)} of ${shown(onlineEventTime)}`,
    expected: `${String(offline)} of ${shown(offlineEventTime)}`,
  }
}

function shown(instant: number | null): string {
  return instant === null ? 'no time' : new Date(instant).toISOString()
}
