/** The answer to a request of the Open Inference Protocol, as it goes out. */
import { encodeTensor, jsonLengthHeader } from './binary-tensors.ts'
import type { OutputTensor } from './tensors.ts'

export interface InferAnswer {
  readonly model: string
  readonly version: number
  readonly id: string | undefined
  readonly parameters: Readonly<Record<string, string | number>> | undefined
  readonly outputs: readonly OutputTensor[]
}

export interface EncodedAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** JSON; where an output is to be binary, its bytes follow the JSON in the order of the outputs. */
export function encodeAnswer({ model, version, id, parameters, outputs }: InferAnswer): EncodedAnswer {
  const tails: Buffer[] = []
  const tensors = outputs.map(({ data, binary, ...described }) => {
    if (!binary) return { ...described, data }
    const bytes = encodeTensor(described.datatype, data)
    tails.push(bytes)
    return { ...described, parameters: { ...described.parameters, binary_data_size: bytes.length } }
  })
  const text = JSON.stringify({
    model_name: model,
    model_version: String(version),
    ...(id !== undefined && { id }),
    ...(parameters !== undefined && { parameters }),
    outputs: tensors,
  })
  if (tails.length === 0) return { headers: { 'content-type': 'application/json; charset=utf-8' }, body: text }
  const json = Buffer.from(text)
  return {
    headers: { 'content-type': 'application/octet-stream', [jsonLengthHeader]: String(json.length) },
    body: Buffer.concat([json, ...tails]),
  }
}
