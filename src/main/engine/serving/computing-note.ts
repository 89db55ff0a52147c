/**
 * Which models compute right now, in memory that the engine reads too: a thread that hangs can no longer say so itself.
 * A model has a slot, by the number that the engine gave it.
 */

/** More models than one thread ever has loaded; slots come round again. */
export const slotCount = 4_096
/** Before the slots: which one was entered last. */
const lastEntered = 0

export function newComputingNote(): SharedArrayBuffer {
  return new SharedArrayBuffer((1 + slotCount) * Int32Array.BYTES_PER_ELEMENT)
}

/** In the thread: around each call of a model. */
export function computingSlot(note: SharedArrayBuffer, slot: number): { enter: () => void; leave: () => void } {
  const counts = new Int32Array(note)
  const place = 1 + (slot % slotCount)
  return {
    enter: () => {
      counts[place] = (counts[place] ?? 0) + 1
      counts[lastEntered] = slot
    },
    leave: () => {
      counts[place] = (counts[place] ?? 0) - 1
    },
  }
}

/** In the engine: the model whose call was entered last, of those under way; undefined where none is. */
export function computingNow(note: SharedArrayBuffer): number | undefined {
  const counts = new Int32Array(note)
  const last = counts[lastEntered] ?? 0
  if ((counts[1 + (last % slotCount)] ?? 0) > 0) return last
  const place = counts.findIndex((count, index) => index > lastEntered && count > 0)
  return place < 0 ? undefined : place - 1
}
