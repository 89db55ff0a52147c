/**
 * Long work on an event loop for which others wait too. It is written as steps, and after a few milliseconds of them
 * whoever else waits has a turn: requests, messages of the engine, and other long work, one after the other.
 */

/** Work that may be interrupted wherever it yields: about every tenth of a millisecond, or each few hundred rows. */
export type Steps<T> = Generator<void, T, void>

/** Longer than that no work keeps its turn: a request that needs less is never interrupted. */
const turnMs = 4

/** Long works that wait for a turn. There is one event loop in a thread, and so one such list. */
const waiting: (() => void)[] = []

/** All of it now. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

/**
 * All of it now where that takes one turn; otherwise the rest in turns.
 * @param check called before each further turn: what it throws ends the work
 */
export function inTurns<T>(steps: Steps<T>, check: () => void = () => {}): T | Promise<T> {
  const first = takeTurn(steps)
  return first.done === true ? first.value : finish(steps, check)
}

async function finish<T>(steps: Steps<T>, check: () => void): Promise<T> {
  for (;;) {
    await nextTurn()
    check()
    const step = takeTurn(steps)
    if (step.done === true) return step.value
  }
}

function takeTurn<T>(steps: Steps<T>): IteratorResult<void, T> {
  const startedAt = performance.now()
  let step = steps.next()
  while (step.done !== true && performance.now() - startedAt < turnMs) step = steps.next()
  return step
}

/** One turn in each round of the event loop, in the order in which they were asked for. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(giveTurn)
  })
}

function giveTurn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(giveTurn)
}
