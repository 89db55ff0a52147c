/** For tests: the real runtime, but a flight of this distance never comes back. */
import type { ColumnBatch } from '../tables/columns.ts'
import { type LoadedModel, loadModel as loadReal } from '../training/runtime.ts'

export const hangingDistance = 13_013

export async function loadModel(files: ReadonlyMap<string, string>): Promise<LoadedModel> {
  const loaded = await loadReal(files)
  return {
    ...loaded,
    predict: (batch: ColumnBatch) => {
      const distance = batch.columns.get('distance')
      if (distance?.kind === 'numeric' && distance.values.includes(hangingDistance)) for (;;);
      return loaded.predict(batch)
    },
  }
}
