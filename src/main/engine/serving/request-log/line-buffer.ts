/** Lines that wait to be written, as bytes: a line is written into a block at once, so that it is garbage while it is young. */

const blockBytes = 256 * 1024

export class LineBuffer {
  #full: Buffer[] = []
  #block = Buffer.allocUnsafeSlow(0)
  #used = 0
  #fullBytes = 0
  #lines = 0

  get bytes(): number {
    return this.#fullBytes + this.#used
  }

  get lines(): number {
    return this.#lines
  }

  add(line: string): void {
    // UTF-16 never takes more than three bytes of UTF-8 for one of its units.
    const most = line.length * 3
    if (this.#used + most > this.#block.length) this.#next(most)
    this.#used += this.#block.write(line, this.#used)
    this.#lines++
  }

  /** All that waits, which then waits no more. */
  take(): { readonly blocks: readonly Buffer[]; readonly lines: number; readonly bytes: number } {
    this.#close()
    const taken = { blocks: this.#full, lines: this.#lines, bytes: this.#fullBytes }
    this.#full = []
    this.#fullBytes = 0
    this.#lines = 0
    return taken
  }

  #next(most: number): void {
    this.#close()
    this.#block = Buffer.allocUnsafeSlow(Math.max(blockBytes, most))
  }

  #close(): void {
    if (this.#used > 0) this.#full.push(this.#block.subarray(0, this.#used))
    this.#fullBytes += this.#used
    // What is left of the block is used on: what was taken lies before it.
    this.#block = this.#block.subarray(this.#used)
    this.#used = 0
  }
}
