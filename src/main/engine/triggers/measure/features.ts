/** Adds to rows the features that a model was trained with, as they were known at the time of each row. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { featureManifestFile, featureManifestSchema, type RetrievedFeature } from '#shared/features.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import { openFeatureViews } from '../../features/open-views.ts'
import { retrieveFeatures, type ViewRequest } from '../../features/retrieve.ts'
import { readFeatureView } from '../../features/views.ts'
import type { MeasureScope } from './times.ts'

interface Place {
  /** Absolute path of the project. */
  readonly folder: string
  readonly datasets: Readonly<Record<string, DatasetSpec>>
  readonly model: ReadonlyMap<string, string>
}

/** Returns the path of the rows with their features; the same path where the model reads none. */
export async function withFeatures(rowsPath: string, place: Place, scope: MeasureScope): Promise<string> {
  const manifestPath = place.model.get(featureManifestFile)
  if (manifestPath === undefined) return rowsPath
  const { features } = featureManifestSchema.parse(JSON.parse(await readFile(manifestPath, 'utf8')))
  let path = rowsPath
  // Features that were looked up by different times are added one after another.
  for (const [index, [time, ofTime]] of [...groupedBy(features, ({ eventTime }) => eventTime ?? '')].entries()) {
    if (time !== '')
      path = await addFeatures(path, join(scope.scratchPath, `features-${index}.parquet`), time, ofTime, place, scope)
  }
  return path
}

async function addFeatures(
  labelsPath: string,
  outputPath: string,
  time: string,
  features: readonly RetrievedFeature[],
  { folder, datasets }: Place,
  { open, scratchPath }: MeasureScope,
): Promise<string> {
  const views = await Promise.all(
    [...groupedBy(features, ({ view }) => view)].map(([name, ofView]) => viewRequest(folder, name, ofView)),
  )
  await open(async (tables) => {
    const opened = await openFeatureViews(
      tables,
      views.map(({ view }) => view),
      { path: folder, datasets },
      { scratchPath, allow: { files: [labelsPath, outputPath] } },
    )
    await retrieveFeatures(tables, { labelsPath, outputPath, time, views }).catch((error: unknown) => {
      throw opened.describeError(error)
    })
  })
  return outputPath
}

async function viewRequest(folder: string, name: string, features: readonly RetrievedFeature[]): Promise<ViewRequest> {
  const { view } = await readFeatureView(folder, name)
  return {
    view,
    features: features.map(({ feature }) => feature),
    columns: Object.fromEntries(features.map(({ feature, column }) => [feature, column])),
    entity: Object.fromEntries(features.flatMap(({ entity }) => entity.map(({ key, column }) => [key, column]))),
  }
}

function groupedBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, key)
}
