/**
 * The binary data extension: tensors as bytes behind the JSON of a request or answer, little-endian, without padding.
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 */
import { EsteiraError } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import { datatypes, type Scalar } from './datatypes.ts'

export const binaryExtension = 'binary_tensor_data'
/** How many bytes of the body are JSON. */
export const jsonLengthHeader = 'inference-header-content-length'
/** In front of each text of a BYTES tensor. */
const lengthBytes = 4

/** Values that are read or written at once: less than a millisecond. */
const stepValues = 1_024

/** The bytes behind the JSON, taken tensor by tensor in the order in which the JSON names them. */
export class BinaryTail {
  readonly #bytes: Buffer
  #taken = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** @throws EsteiraError `invalid-request` where there are not so many */
  take(size: number, where: string): Buffer {
    const left = this.#bytes.length - this.#taken
    if (size > left) {
      throw new EsteiraError('invalid-request', 'The body ends before the binary data of a tensor does.', {
        where,
        found: `${left} bytes`,
        allowed: `${size} bytes: binary_data_size of the tensor`,
      })
    }
    const part = this.#bytes.subarray(this.#taken, this.#taken + size)
    this.#taken += size
    return part
  }

  /** @throws EsteiraError `invalid-request` where bytes are left that no tensor took */
  end(): void {
    const left = this.#bytes.length - this.#taken
    if (left === 0) return
    throw new EsteiraError('invalid-request', 'The body holds more binary data than its tensors do.', {
      where: 'body',
      found: `${left} bytes more`,
      next: 'Set Inference-Header-Content-Length to the length of the JSON in bytes, and binary_data_size of each tensor.',
    })
  }
}

/** The values of a tensor; `name` and `where` are for messages. @throws EsteiraError `invalid-request` */
export function* decodeTensor(
  datatype: string,
  bytes: Buffer,
  length: number,
  { name, where }: { name: string; where: string },
): Steps<Scalar[]> {
  const type = datatypes.get(datatype)
  const fail = (detail: string, found: string, allowed?: string) =>
    new EsteiraError('invalid-request', detail, { where, found, ...(allowed !== undefined && { allowed }) })
  if (type?.bytes === undefined) return yield* decodeTexts(bytes, length, fail, name)
  if (bytes.length !== length * type.bytes) {
    const allowed = `${length * type.bytes} bytes for ${length} values of ${datatype}`
    throw fail(`The binary data of tensor "${name}" does not fill its shape.`, `${bytes.length} bytes`, allowed)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const values = new Array<Scalar>(length)
  for (let index = 0; index < length; index++) {
    if (index % stepValues === stepValues - 1) yield
    const value = type.read(view, index * type.bytes)
    if (value === undefined) {
      const found = bytes.toString('hex', index * type.bytes, (index + 1) * type.bytes)
      throw fail(`Value ${index} of tensor "${name}" is not of type ${datatype}.`, `bytes ${found}`, 'a finite value')
    }
    values[index] = value
  }
  return values
}

type Fail = (detail: string, found: string, allowed?: string) => EsteiraError

function* decodeTexts(bytes: Buffer, length: number, fail: Fail, name: string): Steps<string[]> {
  const texts: string[] = []
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let offset = 0
  while (offset + lengthBytes <= bytes.length && texts.length <= length) {
    if (texts.length % stepValues === stepValues - 1) yield
    const from = offset + lengthBytes
    offset = from + bytes.readUInt32LE(offset)
    if (offset > bytes.length) break
    try {
      texts.push(decoder.decode(bytes.subarray(from, offset)))
    } catch {
      throw fail(`Value ${texts.length} of tensor "${name}" is not UTF-8.`, 'other bytes', 'text in UTF-8')
    }
  }
  if (offset === bytes.length && texts.length === length) return texts
  const found = offset > bytes.length ? 'a text that ends behind the data' : `${texts.length} texts`
  throw fail(
    `The binary data of tensor "${name}" does not fill its shape.`,
    found,
    `${length} texts, each after its length as four bytes`,
  )
}

/** The bytes of values that are not null. */
export function* encodeTensor(
  datatype: string,
  values: readonly (number | string | boolean)[] | Float64Array,
): Steps<Buffer> {
  const type = datatypes.get(datatype)
  if (type?.bytes === undefined) return yield* encodeTexts(values)
  const bytes = Buffer.alloc(values.length * type.bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const [index, value] of values.entries()) {
    if (index % stepValues === stepValues - 1) yield
    type.write(view, index * type.bytes, Number(value))
  }
  return bytes
}

function* encodeTexts(values: readonly (number | string | boolean)[] | Float64Array): Steps<Buffer> {
  const texts: Buffer[] = []
  for (const value of values) {
    if (texts.length % stepValues === stepValues - 1) yield
    texts.push(encodeText(String(value)))
  }
  return Buffer.concat(texts)
}

function encodeText(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const bytes = Buffer.alloc(lengthBytes + length)
  bytes.writeUInt32LE(length)
  bytes.write(text, lengthBytes)
  return bytes
}
