/**
 * The content types by which MLServer and its clients say what a tensor stands for. They are a convention beside the
 * protocol: https://mlserver.readthedocs.io/en/latest/user-guide/content-type.html
 */
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import { parseInstant } from '../training/preparation/dates.ts'
import type { Scalar } from './datatypes.ts'

/** Of a request: `pd` a table with one tensor a column, `np` one tensor of numbers, `str` one of texts. */
const requestTypes = ['pd', 'np', 'str']
const tensorTypes = ['str', 'datetime', 'base64', 'pd_json', 'np', 'pd']

/** Whether the tensors of the request are the columns of a table, by name. @throws EsteiraError `invalid-request` */
export function isTable(parameters: unknown): boolean {
  return contentType(parameters, requestTypes, 'parameters.content_type') === 'pd'
}

/** Values that are read at once: less than a millisecond. */
const stepValues = 512

interface Described {
  readonly name: string
  readonly datatype: string
  readonly parameters: unknown
  readonly where: string
}

/** The values as the content type of their tensor means them. @throws EsteiraError `invalid-request` */
export function* readContent(
  { name, datatype, parameters, where }: Described,
  data: readonly Scalar[],
): Steps<readonly Scalar[]> {
  const type = contentType(parameters, tensorTypes, `${where}.parameters.content_type`)
  if (type === undefined || type === 'np' || type === 'pd') return data
  if (datatype !== 'BYTES') {
    throw new EsteiraError('invalid-request', `Tensor "${name}" is said to hold "${type}".`, {
      where,
      found: datatype,
      allowed: `BYTES, the datatype of "${type}"`,
    })
  }
  if (type === 'str') return data
  const content: Scalar[] = []
  for (const [index, value] of data.entries()) {
    if (index % stepValues === stepValues - 1) yield
    const read = typeof value === 'string' ? readText(type, value) : value
    if (read === undefined) {
      const detail = `Value ${index} of tensor "${name}" is not ${meanings[type] ?? type}.`
      throw new EsteiraError('invalid-request', detail, { where, found: String(value).slice(0, 100) })
    }
    content.push(read)
  }
  return content
}

const meanings: Readonly<Record<string, string>> = {
  datetime: 'an ISO 8601 time',
  base64: 'base64 of a text in UTF-8',
  pd_json: 'the JSON of a single value',
}

/** Undefined where the text is not what it should be. */
function readText(type: string, text: string): Scalar | undefined {
  if (type === 'datetime') return Number.isNaN(parseInstant(text)) ? undefined : text
  return type === 'base64' ? readBase64(text) : readJson(text)
}

function readBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64'))
  } catch {
    return undefined
  }
}

/** Columns of mixed values, such as texts of which some are missing. */
function readJson(text: string): Scalar | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isScalar =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return isScalar ? value : undefined
  } catch {
    return undefined
  }
}

function contentType(parameters: unknown, known: readonly string[], where: string): string | undefined {
  if (typeof parameters !== 'object' || parameters === null || !('content_type' in parameters)) return undefined
  const type = parameters.content_type
  if (type === undefined || type === null) return undefined
  if (typeof type === 'string' && known.includes(type)) return type
  const found = typeof type === 'string' ? type.slice(0, 100) : typeof type
  throw new EsteiraError('invalid-request', 'The content type is not known.', {
    where,
    found,
    allowed: known.join(', '),
    nearest: nearestName(found, known),
  })
}
