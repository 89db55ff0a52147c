/**
 * `predictions.f64` of an evaluation: what the model answered for each row scored, as little-endian doubles; one per row,
 * or one per row and class in the order of `classes`. Kept so that later steps judge these very answers.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import type { Evaluation } from '#shared/models.ts'
import type { Prediction } from './runtime.ts'

export const predictionsFile = 'predictions.f64'
const bytesEach = Float64Array.BYTES_PER_ELEMENT

export async function writePredictions(path: string, prediction: Prediction): Promise<void> {
  const values = prediction.kind === 'values' ? prediction.values : prediction.probabilities
  await writeFile(path, littleEndian(Buffer.from(values.slice().buffer)))
}

/** Undefined if the file does not hold as many numbers as the evaluation has rows. */
export async function readPredictions(
  path: string,
  { rows, classes }: Pick<Evaluation, 'rows' | 'classes'>,
): Promise<Prediction | undefined> {
  const bytes = littleEndian(await readFile(path))
  if (bytes.length !== rows * Math.max(1, classes.length) * bytesEach) return undefined
  const values = new Float64Array(bytes.length / bytesEach)
  new Uint8Array(values.buffer).set(bytes)
  return classes.length === 0 ? { kind: 'values', values } : { kind: 'probabilities', classes, probabilities: values }
}

/** To or from the order of bytes of the machine. */
function littleEndian(bytes: Buffer): Buffer {
  return endianness() === 'LE' ? bytes : bytes.swap64()
}
