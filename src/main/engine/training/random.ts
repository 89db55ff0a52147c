/** Seeded random numbers for weights, shuffles and dropout: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1), with 32 bits. */
  next(): number
  /** Standard normal. */
  normal(): number
  /** A permutation of 0 … length - 1. */
  permutation(length: number): Uint32Array
}

/** sfc32 of PractRand (Chris Doty-Humphrey), with the seed spread over its state and the first values thrown away. */
export function createRandom(seed: number, stream = 0): Random {
  let a = seed | 0
  let b = Math.floor(seed / 2 ** 32) | 0
  let c = stream | 0
  let counter = 1
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 4_294_967_296
  }
  for (let discarded = 0; discarded < 16; discarded++) next()
  return { next, normal: () => boxMuller(next), permutation: (length) => shuffled(length, next) }
}

function boxMuller(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** Fisher-Yates. */
function shuffled(length: number, next: () => number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1))
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  return order
}
