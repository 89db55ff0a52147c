import { z } from 'zod'
import { durationMs, durationSchema } from '#shared/durations.ts'
import { nameSchema } from '#shared/names.ts'
import { materialize as bringUpToDate } from '../features/online/materialize.ts'
import { readFeatureView } from '../features/views.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent } from '../pipelines/component.ts'
import { writeJson } from '../training/package.ts'
import { parseInstant } from '../training/preparation/dates.ts'

export const materializeOptions = z.strictObject({
  view: nameSchema.describe('The name of the feature view, as in features/<name>.yaml.'),
  lateness: durationSchema
    .optional()
    .describe(
      'How far behind the newest event time late rows are still looked for, such as 3d. Default: without end; a bound ' +
        'makes it quicker where the data is long.',
    ),
  until: z
    .string()
    .optional()
    .describe('Leaves out what happened or became known after this time, such as 2001-03-01T00:00:00Z. Default: now.'),
  full: z
    .boolean()
    .default(false)
    .describe('Takes every value as the data has it now, even where the store has a newer one.'),
})

/**
 * Brings a view in the online store up to date. The thread of the step writes it through a connection of its own: the store
 * is a file apart from the metadata, so no transaction of the engine waits for it, and its event loop writes no rows.
 */
export const materialize = defineComponent({
  name: 'features/materialize',
  version: '1',
  summary:
    'Brings the newest values of a feature view into the online store, from which endpoints fill missing inputs.',
  inputs: {},
  outputs: { report: { type: 'file', summary: 'What was compared and written, as materialization.json.' } },
  options: materializeOptions,
  // It changes the online store.
  cacheable: false,
  async run(context) {
    const { view: name, lateness, until, full } = context.options
    const { view } = await readFeatureView(context.project.path, name)
    const { onlinePath } = await context.services.featureStore()
    const now = Date.now()
    const report = await bringUpToDate({
      view,
      project: context.project,
      onlinePath,
      asOf: until === undefined ? now : instantOf(until),
      now,
      scratchPath: context.scratchPath,
      signal: context.signal,
      latenessMs: lateness === undefined ? null : (durationMs(lateness) ?? null),
      full,
      onProgress: (fraction) => context.progress(fraction, `Materialising ${name}`),
    })
    await writeJson(context.output('report').path('materialization.json'), report)
    const { read, compared, written, resumed, entities } = report
    context.log(
      read
        ? `${written} of ${compared} entities of "${name}" got newer values${resumed ? ', going on where it was cut off' : ''}.`
        : `The data of "${name}" has not changed.`,
    )
    context.log(`${entities} entities of "${name}" are served from the online store.`)
    for (const [key, value] of Object.entries(report)) context.value(key, value)
  },
})

function instantOf(text: string): number {
  const instant = parseInstant(text)
  if (!Number.isNaN(instant)) return instant
  throw new EsteiraError('parameter-invalid', 'The option "until" is not a time.', {
    where: 'until',
    found: text.slice(0, 100),
    allowed: 'an ISO 8601 text such as 2001-03-01 or 2001-03-01T00:00:00Z',
  })
}
