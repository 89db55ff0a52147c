/** The plain form: `{"rows": [{...}]}` in, `{"model", "version", "revision", "predictions": [...]}` out. */
import type { Signature } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import type { LongText } from './long-text.ts'
import { outputWidth, predictedClass } from './outputs.ts'

const allowedForm = '{"rows": [{"<input>": <value>, …}, …], "showFeatures": true | false (may be left out)}'
const knownKeys: readonly string[] = ['rows', 'showFeatures']

export interface PlainRequest {
  readonly rows: readonly unknown[]
  /** Whether the answer tells what was filled in from the feature store, row by row. */
  readonly showFeatures: boolean
}

/** What a request body asks. @throws EsteiraError `invalid-request` */
export function plainRequest(body: unknown): PlainRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new EsteiraError('invalid-request', 'The body is not a JSON object.', { allowed: allowedForm })
  }
  const unknownKey = Object.keys(body).find((key) => !knownKeys.includes(key))
  if (unknownKey !== undefined) {
    throw new EsteiraError('invalid-request', `The body has a key that is not known: "${unknownKey}".`, {
      found: unknownKey,
      allowed: allowedForm,
      nearest: nearestName(unknownKey, knownKeys),
    })
  }
  if (!('rows' in body) || !Array.isArray(body.rows) || body.rows.length === 0) {
    throw new EsteiraError('invalid-request', 'The body needs "rows": a list with at least one row.', {
      where: 'rows',
      allowed: allowedForm,
    })
  }
  const showFeatures = 'showFeatures' in body ? body.showFeatures : false
  if (typeof showFeatures !== 'boolean') {
    throw new EsteiraError('invalid-request', '"showFeatures" is not true or false.', {
      where: 'showFeatures',
      allowed: allowedForm,
    })
  }
  return { rows: body.rows, showFeatures }
}

/** Rows that are encoded at once: less than a millisecond. */
const stepRows = 256

/** The constant parts of the answers of one revision, encoded once. */
export interface PlainEncoder {
  /** Adds the response for the outputs of some rows, but for its last brace. Every output is finite. */
  encode(outputs: Float64Array, body: LongText): Steps<void>
}

export function plainEncoder(
  served: { readonly model: string; readonly version: number; readonly revision: number },
  signature: Signature,
): PlainEncoder {
  const head = `{"model":${JSON.stringify(served.model)},"version":${served.version},"revision":${served.revision},"predictions":[`
  const width = outputWidth(signature)
  const encodeRow = signature.task === 'regression' ? encodeValue : classEncoder(signature.classes)
  return {
    *encode(outputs, body) {
      body.add(head)
      for (let row = 0; row * width < outputs.length; row++) {
        if (row > 0 && row % stepRows === 0) {
          body.keep()
          yield
        }
        body.add((row > 0 ? ',' : '') + encodeRow(outputs, row))
      }
      body.add(']')
    },
  }
}

function encodeValue(outputs: Float64Array, row: number): string {
  return `{"prediction":${outputs[row]}}`
}

/** `probability` is that of the predicted class. The classes of a boolean target are predicted as JSON booleans. */
function classEncoder(classes: readonly string[]) {
  const keys = classes.map((name) => `${JSON.stringify(name)}:`)
  const isBoolean = classes.length === 2 && classes[0] === 'false' && classes[1] === 'true'
  const labels = isBoolean ? classes : classes.map((name) => JSON.stringify(name))
  return (outputs: Float64Array, row: number) => {
    const first = row * classes.length
    const chosen = predictedClass(outputs, row, classes.length)
    let all = ''
    let probability = ''
    for (let index = 0; index < keys.length; index++) {
      // Writing a number out costs most of all this: each is written once.
      const text = String(outputs[first + index])
      if (index === chosen) probability = text
      all += `${index > 0 ? ',' : ''}${keys[index]}${text}`
    }
    return `{"prediction":${labels[chosen]},"probability":${probability},"probabilities":{${all}}}`
  }
}
