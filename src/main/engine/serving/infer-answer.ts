/** The answer to a request of the Open Inference Protocol, as it goes out. */
import type { Steps } from '../kernel/turns.ts'
import { encodeTensor, jsonLengthHeader } from './binary-tensors.ts'
import { LongText } from './long-text.ts'
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
export function* encodeAnswer({ model, version, id, parameters, outputs }: InferAnswer): Steps<EncodedAnswer> {
  const tails: Buffer[] = []
  const head = JSON.stringify({
    model_name: model,
    model_version: String(version),
    ...(id !== undefined && { id }),
    ...(parameters !== undefined && { parameters }),
  })
  const text = new LongText()
  text.add(`${head.slice(0, -1)},"outputs":[`)
  for (const [index, { data, binary, ...described }] of outputs.entries()) {
    if (index > 0) text.add(',')
    if (binary) {
      const bytes = yield* encodeTensor(described.datatype, data)
      tails.push(bytes)
      const sized = { ...described.parameters, binary_data_size: bytes.length }
      text.add(JSON.stringify({ ...described, parameters: sized }))
    } else {
      text.add(`${JSON.stringify(described).slice(0, -1)},"data":`)
      yield* text.addList(data)
      text.add('}')
    }
  }
  text.add(']}')
  const body = text.end()
  if (tails.length === 0) return { headers: { 'content-type': 'application/json; charset=utf-8' }, body }
  const json = Buffer.from(body)
  return {
    headers: { 'content-type': 'application/octet-stream', [jsonLengthHeader]: String(json.length) },
    body: Buffer.concat([json, ...tails]),
  }
}
