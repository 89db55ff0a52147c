/** Long answers, put together in steps. */
import type { Steps } from '../kernel/turns.ts'

/** Values of a list that are encoded at once: less than a millisecond. */
const stepValues = 1_024

/** What is there already is kept as bytes: of one long text they would be made at the end, all at once. */
export class LongText {
  readonly #parts: Buffer[] = []

  add(text: string): void {
    this.#parts.push(Buffer.from(text))
  }

  /** All of it, with what comes last; bytes only where something came before. */
  end(text: string): string | Buffer {
    return this.#parts.length === 0 ? text : Buffer.concat([...this.#parts, Buffer.from(text)])
  }
}

/** The JSON of a list. */
export function* encodeList(values: readonly unknown[]): Steps<string> {
  if (values.length <= stepValues) return JSON.stringify(values)
  let text = ''
  for (let from = 0; from < values.length; from += stepValues) {
    if (from > 0) yield
    text += `${from > 0 ? ',' : ''}${JSON.stringify(values.slice(from, from + stepValues)).slice(1, -1)}`
  }
  return `[${text}]`
}
