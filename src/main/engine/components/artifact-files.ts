import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { type FeatureManifest, featureManifestFile, featureManifestSchema } from '#shared/features.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { InputArtifact, OutputArtifact } from '../pipelines/component.ts'

/** The path of a file that an artifact of this type holds. */
export function fileOf(artifact: InputArtifact, fileName: string): string {
  const path = artifact.files.get(fileName)
  if (path === undefined) throw incomplete(artifact, fileName, 'is missing')
  return path
}

export async function readJsonFile<T>(artifact: InputArtifact, fileName: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(fileOf(artifact, fileName), 'utf8')
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw incomplete(artifact, fileName, 'does not have the expected form', cause)
  }
}

/** Where columns of the artifact came from feature views: what is made of it says so too. */
export function linkFeatureManifest(from: InputArtifact, output: OutputArtifact): void {
  if (from.files.has(featureManifestFile)) output.link(featureManifestFile, from)
}

/** The columns of the artifact that came from feature views; undefined where none did. */
export async function readFeatureManifest(artifact: InputArtifact): Promise<FeatureManifest | undefined> {
  if (!artifact.files.has(featureManifestFile)) return undefined
  return await readJsonFile(artifact, featureManifestFile, featureManifestSchema)
}

function incomplete(artifact: InputArtifact, fileName: string, what: string, cause?: unknown): EsteiraError {
  return new EsteiraError(
    'artifact-corrupt',
    `The file ${fileName} of the ${artifact.type} artifact of step "${artifact.step}" ${what}.`,
    {
      where: `${artifact.step}: ${fileName}`,
      allowed: [...artifact.files.keys()].join(', '),
      next: 'Run the step again without the cache.',
      cause,
    },
  )
}
