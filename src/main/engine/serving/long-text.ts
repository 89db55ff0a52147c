/** Long answers, put together in steps. */
import type { Steps } from '../kernel/turns.ts'

/** Values of a list that are encoded at once: less than a millisecond. */
const stepValues = 1_024

/** A text in the making. What is there already is kept as bytes: of one long text they would be made at the end, all at once. */
export class LongText {
  readonly #parts: Buffer[] = []
  #text = ''

  add(text: string): void {
    this.#text += text
  }

  /** Called where others may have their turn. */
  keep(): void {
    this.#parts.push(Buffer.from(this.#text))
    this.#text = ''
  }

  /** The JSON of a list. */
  *addList(values: readonly unknown[] | Float64Array): Steps<void> {
    this.add('[')
    for (let from = 0; from < values.length; from += stepValues) {
      if (from > 0) {
        this.add(',')
        this.keep()
        yield
      }
      this.add(JSON.stringify(Array.from(values.slice(from, from + stepValues))).slice(1, -1))
    }
    this.add(']')
  }

  /** As bytes where something was kept as such. */
  end(): string | Buffer {
    return this.#parts.length === 0 ? this.#text : Buffer.concat([...this.#parts, Buffer.from(this.#text)])
  }
}
