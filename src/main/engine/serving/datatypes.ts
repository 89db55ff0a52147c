/** The datatypes of the Open Inference Protocol: which values they hold, as JSON and as bytes. Pure. */

/** A bigint only where a number would lose digits. */
export type Scalar = number | bigint | boolean | string | null

interface Datatype {
  /** Undefined for texts, which have a length of their own. */
  readonly bytes: number | undefined
  /** A JSON value, as the type holds it; undefined where it cannot. */
  hold(value: unknown): Scalar | undefined
  /** Undefined where the bytes stand for no value of the type. */
  read(view: DataView, offset: number): Scalar | undefined
  write(view: DataView, offset: number, value: number): void
}

export const datatypes: ReadonlyMap<string, Datatype> = new Map<string, Datatype>([
  [
    'BOOL',
    { bytes: 1, hold: holdBoolean, read: readBoolean, write: (view, offset, value) => view.setUint8(offset, value) },
  ],
  [
    'UINT8',
    small(
      1,
      0,
      2 ** 8,
      (view, at) => view.getUint8(at),
      (view, at, value) => view.setUint8(at, value),
    ),
  ],
  [
    'UINT16',
    small(
      2,
      0,
      2 ** 16,
      (view, at) => view.getUint16(at, true),
      (view, at, value) => view.setUint16(at, value, true),
    ),
  ],
  [
    'UINT32',
    small(
      4,
      0,
      2 ** 32,
      (view, at) => view.getUint32(at, true),
      (view, at, value) => view.setUint32(at, value, true),
    ),
  ],
  [
    'UINT64',
    large(
      0n,
      2n ** 64n,
      (view, at) => view.getBigUint64(at, true),
      (view, at, value) => view.setBigUint64(at, value, true),
    ),
  ],
  [
    'INT8',
    small(
      1,
      -(2 ** 7),
      2 ** 7,
      (view, at) => view.getInt8(at),
      (view, at, value) => view.setInt8(at, value),
    ),
  ],
  [
    'INT16',
    small(
      2,
      -(2 ** 15),
      2 ** 15,
      (view, at) => view.getInt16(at, true),
      (view, at, value) => view.setInt16(at, value, true),
    ),
  ],
  [
    'INT32',
    small(
      4,
      -(2 ** 31),
      2 ** 31,
      (view, at) => view.getInt32(at, true),
      (view, at, value) => view.setInt32(at, value, true),
    ),
  ],
  [
    'INT64',
    large(
      -(2n ** 63n),
      2n ** 63n,
      (view, at) => view.getBigInt64(at, true),
      (view, at, value) => view.setBigInt64(at, value, true),
    ),
  ],
  [
    'FP16',
    fraction(
      2,
      Math.f16round,
      (view, at) => view.getFloat16(at, true),
      (view, at, value) => view.setFloat16(at, value, true),
    ),
  ],
  [
    'FP32',
    fraction(
      4,
      Math.fround,
      (view, at) => view.getFloat32(at, true),
      (view, at, value) => view.setFloat32(at, value, true),
    ),
  ],
  [
    'FP64',
    fraction(
      8,
      Number,
      (view, at) => view.getFloat64(at, true),
      (view, at, value) => view.setFloat64(at, value, true),
    ),
  ],
  [
    'BYTES',
    {
      bytes: undefined,
      hold: (value) => (typeof value === 'string' ? value : undefined),
      read: () => undefined,
      write: () => {},
    },
  ],
])

function holdBoolean(value: unknown): Scalar | undefined {
  if (typeof value === 'boolean') return value
  return value === 0 || value === 1 ? value === 1 : undefined
}

function readBoolean(view: DataView, offset: number): Scalar | undefined {
  const value = view.getUint8(offset)
  return value > 1 ? undefined : value === 1
}

type Read<T> = (view: DataView, offset: number) => T
type Write<T> = (view: DataView, offset: number, value: T) => void

/** Integers that a number holds. `below`: the first one too large. */
function small(bytes: number, from: number, below: number, read: Read<number>, write: Write<number>): Datatype {
  const hold = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= from && value < below ? value : undefined
  return { bytes, hold, read, write }
}

/** Integers that keep all their digits: a key of an entity may be one. */
function large(from: bigint, below: bigint, read: Read<bigint>, write: Write<bigint>): Datatype {
  const hold = (value: unknown) => {
    const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
    return isWhole && value >= from && value < below ? value : undefined
  }
  const readNumber = (view: DataView, offset: number) => {
    const value = read(view, offset)
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  return { bytes: 8, hold, read: readNumber, write: (view, offset, value) => write(view, offset, BigInt(value)) }
}

/** A number is rounded to the type, so that it means the same as JSON and as bytes. NaN, which JSON lacks, is a missing value. */
function fraction(bytes: number, round: (value: number) => number, read: Read<number>, write: Write<number>): Datatype {
  const hold = (value: unknown) => {
    const rounded = typeof value === 'number' ? round(value) : Number.NaN
    return Number.isFinite(rounded) ? rounded : undefined
  }
  const readFinite = (view: DataView, offset: number) => {
    const value = read(view, offset)
    if (Number.isNaN(value)) return null
    return Number.isFinite(value) ? value : undefined
  }
  return { bytes, hold, read: readFinite, write }
}
