import type { CleanUpPreview } from '#shared/settings.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'

const shownRows = 20

export const define: DefineCommand = (command, line) => {
  command.option('--dry-run', 'show exactly what would go and the bytes freed, and remove nothing')
  command.action(async ({ dryRun }: { dryRun?: true }) => {
    if (dryRun === true) {
      const preview = await withEngine(line, ({ client }) => client.call('previewCleanUp'))
      return line.answer(preview, () => describe(preview))
    }
    const report = await withEngine(line, ({ client }) => client.call('cleanUp'))
    const { removedRuns, removedArtifacts, freedBytes } = report
    line.answer(
      report,
      () => `${removedRuns} runs and ${removedArtifacts} artifacts removed, ${megabytes(freedBytes)} freed.`,
    )
  })
}

function describe({
  runCount,
  runs,
  artifactCount,
  artifacts,
  cacheEntries,
  fileCount,
  freedBytes,
}: CleanUpPreview): string {
  const total = `${runCount} runs, ${artifactCount} artifacts and ${cacheEntries} cache entries would go: ${fileCount} files, ${megabytes(freedBytes)} freed.`
  const runRows = runs
    .slice(0, shownRows)
    .map(({ id, pipeline, finishedAt }) => [id, pipeline, formatInstant(finishedAt)])
  const artifactRows = artifacts
    .slice(0, shownRows)
    .map(({ hash, type, bytes, createdAt }) => [hash.slice(0, 12), type, megabytes(bytes), formatInstant(createdAt)])
  return [
    total,
    ...(runRows.length === 0 ? [] : [formatTable(['run', 'pipeline', 'ended'], runRows)]),
    ...(artifactRows.length === 0 ? [] : [formatTable(['artifact', 'type', 'size', 'made'], artifactRows)]),
    ...(runCount > runRows.length || artifactCount > artifactRows.length ? ['… and more: see --json.'] : []),
  ].join('\n')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
