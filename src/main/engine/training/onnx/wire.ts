/** The wire format of Protocol Buffers, as far as ONNX files need it: fields as they lie in the bytes, nothing interpreted. */

/** `from` to `to`: the field with its tag, so that it can be taken over unchanged. */
export interface WireField {
  readonly number: number
  readonly from: number
  readonly to: number
  /** Of a varint. */
  readonly value: bigint
  /** Of a text, a message or packed numbers. */
  readonly bytes: Uint8Array
}

const none = new Uint8Array(0)

/** @throws RangeError for bytes that are no message */
export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = []
  const reader = new Reader(message)
  while (reader.at < message.length) {
    const from = reader.at
    const tag = Number(reader.varint())
    const { value, bytes } = reader.content(tag & 7)
    fields.push({ number: tag >>> 3, from, to: reader.at, value, bytes })
  }
  return fields
}

class Reader {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  content(wireType: number): { value: bigint; bytes: Uint8Array } {
    switch (wireType) {
      case 0:
        return { value: this.varint(), bytes: none }
      case 1:
        return { value: 0n, bytes: this.#take(8) }
      case 2:
        return { value: 0n, bytes: this.#take(Number(this.varint())) }
      case 5:
        return { value: 0n, bytes: this.#take(4) }
      default:
        throw new RangeError(`There is no wire type ${wireType}.`)
    }
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = this.#take(1)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asIntN(64, value)
    }
    throw new RangeError('A number is too long.')
  }

  #take(length: number): Uint8Array {
    const end = this.at + length
    if (length < 0 || end > this.#bytes.length) throw new RangeError('The bytes end too early.')
    const taken = this.#bytes.subarray(this.at, end)
    this.at = end
    return taken
  }
}

/** Numbers of a repeated field, packed or not. */
export function readNumbers(field: WireField): bigint[] {
  if (field.bytes.length === 0) return [field.value]
  const reader = new Reader(field.bytes)
  const numbers: bigint[] = []
  while (reader.at < field.bytes.length) numbers.push(reader.varint())
  return numbers
}

export function writeVarintField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varintBytes(number * 8), ...varintBytes(value)])
}

export function writeBytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concatenated([Uint8Array.from([...varintBytes(number * 8 + 2), ...varintBytes(bytes.length)]), bytes])
}

export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function varintBytes(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
