/** What a request of the Open Inference Protocol asks: its JSON, and the binary data behind it. */
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import { BinaryTail } from './binary-tensors.ts'
import { isTable } from './content-types.ts'
import type { InferBody } from './infer-parser.ts'
import { parseTensors } from './input-tensors.ts'
import type { InputTensor, WantedOutput } from './tensors.ts'

export interface InferRequest {
  readonly id: string | undefined
  readonly tensors: readonly InputTensor[]
  /** Whether the tensors are the columns of a table, and the answer is to be one. */
  readonly isTable: boolean
  readonly outputs: readonly WantedOutput[]
  /** Whether the answer tells what was filled in from the feature store, row by row. */
  readonly showFeatures: boolean
  /** After which the caller waits no more; infinite where it does not say. */
  readonly timeoutMs: number
}

/** @param knownOutputs the outputs of the model @throws EsteiraError `invalid-request` */
export function* readInferRequest(body: InferBody | undefined, knownOutputs: readonly string[]): Steps<InferRequest> {
  const { content, tail } = body ?? { content: undefined, tail: Buffer.alloc(0) }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new EsteiraError('invalid-request', 'The body is not a JSON object.')
  }
  const { inputs, ...rest }: Partial<Record<string, unknown>> = { ...content }
  // Some clients write null for what they leave out.
  const [id, outputs, parameters] = [rest.id ?? undefined, rest.outputs ?? undefined, rest.parameters ?? undefined]
  if (id !== undefined && typeof id !== 'string') {
    throw new EsteiraError('invalid-request', 'The id of the request is not a string.', { where: 'id' })
  }
  if (parameters !== undefined && !isObject(parameters)) {
    throw new EsteiraError('invalid-request', '"parameters" is not an object.', { where: 'parameters' })
  }
  return {
    id,
    tensors: yield* parseTensors(inputs, new BinaryTail(tail)),
    isTable: isTable(parameters),
    outputs: parseOutputs(outputs, flag(parameters, 'binary_data_output', 'parameters') ?? false, knownOutputs),
    showFeatures: flag(parameters, 'show_features', 'parameters') ?? false,
    timeoutMs: timeoutOf(parameters),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined where the parameters do not say. Parameters that are not known are left alone, as the protocol has it. */
function flag(parameters: unknown, name: string, where: string): boolean | undefined {
  const value = isObject(parameters) ? parameters[name] : undefined
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  throw new EsteiraError('invalid-request', `The parameter "${name}" is not true or false.`, {
    where: `${where}.${name}`,
  })
}

/** As the clients of Triton write it: in microseconds, 0 for none. */
function timeoutOf(parameters: unknown): number {
  const value = (isObject(parameters) ? parameters.timeout : undefined) ?? 0
  if (typeof value === 'number' && value >= 0) return value === 0 ? Number.POSITIVE_INFINITY : value / 1_000
  throw new EsteiraError('invalid-request', 'The parameter "timeout" is not a number of microseconds.', {
    where: 'parameters.timeout',
  })
}

/** Every output where the request names none. */
function parseOutputs(outputs: unknown, binary: boolean, known: readonly string[]): WantedOutput[] {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) {
    return known.map((name) => ({ name, binary }))
  }
  if (!Array.isArray(outputs)) {
    throw new EsteiraError('invalid-request', '"outputs" is not a list.', { where: 'outputs' })
  }
  const wanted = new Map<string, WantedOutput>()
  for (const [index, output] of outputs.entries()) {
    const name = isObject(output) && typeof output.name === 'string' ? output.name.slice(0, 100) : ''
    if (!known.includes(name)) throw unknownOutput(name, known)
    const parameters = isObject(output) ? output.parameters : undefined
    wanted.set(name, { name, binary: flag(parameters, 'binary_data', `outputs[${index}].parameters`) ?? binary })
  }
  return [...wanted.values()]
}

function unknownOutput(name: string, known: readonly string[]): EsteiraError {
  return new EsteiraError('invalid-request', `The model has no output named "${name}".`, {
    where: 'outputs',
    allowed: known.join(', '),
    nearest: nearestName(name, known),
  })
}
