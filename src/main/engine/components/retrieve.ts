import { join } from 'node:path'
import { z } from 'zod'
import { type FeatureManifest, type FeatureView, featureManifestFile } from '#shared/features.ts'
import { datasetFiles } from '../data/dataset.ts'
import { projectFileName } from '../data/project-file.ts'
import { findDatasetsOfViews, openFeatureViews } from '../features/open-views.ts'
import { retrieveFeatures, type ViewRequest } from '../features/retrieve.ts'
import { featureViewFile, readFeatureView } from '../features/views.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent, type InputArtifact, type StepProject } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { writeJson } from '../training/package.ts'
import { fileOf, readFeatureManifest } from './artifact-files.ts'
import { datasetSpec } from './extract.ts'

const options = z.strictObject({
  features: z
    .array(z.string().regex(/^[^/\s]+(\/.+)?$/, 'must be the name of a feature view, or view/feature'))
    .min(1)
    .describe('Feature views, or single features of them as view/feature, such as busy-airports/late_share.'),
  time: z.string().describe('The column of the table with the time at which the features are needed, e.g. date.'),
  entities: z
    .record(z.string(), z.string())
    .default({})
    .describe('Entity columns of the views to columns of the table. Those left out have the same name.'),
  columns: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Other names for features in the table: view/feature to name. Default: the name of the feature.'),
  asKnown: z
    .boolean()
    .default(true)
    .describe(
      'False: values count as known from their event time on, even if they were back-filled later. Never for training.',
    ),
})
type Options = z.output<typeof options>

/** Adds features to rows, as they were known at the time of each row. */
export const retrieve = defineComponent({
  name: 'features/retrieve',
  version: '1',
  summary: 'Adds features to the rows of a table, each as it was known at the time of its row.',
  inputs: { data: { types: ['table'], summary: 'The rows that need features: labels with entity and time.' } },
  outputs: { data: { type: 'table', summary: 'The rows with their features as data.parquet, and features.json.' } },
  options,
  cacheable: true,
  references: ({ features }) => [...new Set(features.map(viewName))].map((name) => ({ kind: 'feature-view', name })),
  async sources(asked, project) {
    const names = [...new Set(asked.features.map(viewName))]
    const views = await Promise.all(names.map(async (name) => (await readFeatureView(project.path, name)).view))
    const datasets = await findDatasetsOfViews(views, project)
    const files = await Promise.all(datasets.map((name) => datasetFiles(datasetSpec(project, name), project.path)))
    // The declaration of a dataset decides its rows as much as its files do.
    const texts = [projectFileName, ...names.map(featureViewFile)].map((file) => join(project.path, file))
    return [...new Set([...texts, ...files.flat()])]
  },
  async run(context) {
    const { project, scratchPath } = context
    const input = context.input('data')
    const labelsPath = fileOf(input, 'data.parquet')
    const output = context.output('data')
    const outputPath = output.path('data.parquet')
    const views = await viewRequests(context.options, project)
    for (const { view, text } of views) {
      await context.services.keepFeatureView({ view: view.name, version: view.version, text })
    }
    const { rows, manifest, filled } = await withTables(
      async (tables) => {
        const opened = await openFeatureViews(
          tables,
          views.map(({ view }) => view),
          project,
          {
            scratchPath,
            allow: { files: [labelsPath, outputPath] },
          },
        )
        context.log(`Features of ${views.map(({ view }) => `${view.name} ${view.version}`).join(', ')}`)
        return await retrieveFeatures(tables, {
          labelsPath,
          outputPath,
          time: context.options.time,
          views,
          ignoreKnownAt: !context.options.asKnown,
        }).catch((error: unknown) => {
          throw opened.describeError(error)
        })
      },
      { signal: context.signal, tempPath: join(scratchPath, 'spill') },
    )
    await writeJson(output.path(featureManifestFile), await withEarlier(input, manifest))
    context.value('rows', rows)
    context.value('features', manifest.features.length)
    context.value('views', Object.fromEntries(views.map(({ view }) => [view.name, view.version])))
    for (const [column, count] of filled) {
      const share = rows === 0 ? 0 : count / rows
      const text = `${column}: ${(share * 100).toFixed(1)} % of ${rows.toLocaleString('en')} rows have a value`
      context.log(text, share === 0 ? 'warning' : 'info')
    }
  },
})

function viewName(feature: string): string {
  return feature.split('/', 1)[0] ?? feature
}

async function viewRequests(
  { features, entities, columns }: Options,
  project: StepProject,
): Promise<(ViewRequest & { text: string })[]> {
  const names = [...new Set(features.map(viewName))]
  const read = await Promise.all(names.map((name) => readFeatureView(project.path, name)))
  checkEntities(
    entities,
    read.map(({ view }) => view),
  )
  return read.map(({ view, text }) => {
    const wanted = features.filter((feature) => viewName(feature) === view.name)
    return {
      view,
      text,
      entity: entities,
      features: wanted.includes(view.name) ? undefined : wanted.map((feature) => feature.slice(view.name.length + 1)),
      columns: namesOf(view.name, columns),
    }
  })
}

/** Of the names for features those that are for this view. */
function namesOf(view: string, columns: Options['columns']): Record<string, string> {
  const entries = Object.entries(columns).filter(([feature]) => viewName(feature) === view)
  return Object.fromEntries(entries.map(([feature, column]) => [feature.slice(view.length + 1), column]))
}

function checkEntities(entities: Options['entities'], views: readonly FeatureView[]): void {
  const known = new Set(views.flatMap(({ entity }) => entity))
  const unknown = Object.keys(entities).find((key) => !known.has(key))
  if (unknown === undefined) return
  throw new EsteiraError('parameter-invalid', `No view has the entity column "${unknown}".`, {
    where: `entities.${unknown}`,
    allowed: [...known].join(', '),
  })
}

/** With the features that the table had before. */
async function withEarlier(input: InputArtifact, manifest: FeatureManifest): Promise<FeatureManifest> {
  const earlier = await readFeatureManifest(input)
  return { ...manifest, features: [...(earlier?.features ?? []), ...manifest.features] }
}
