import { expect, it } from 'vitest'
import { atOnce, inTurns, type Steps } from './turns.ts'

/** Longer than a turn. */
const longMs = 10

function* work(name: string, steps: number, done: string[]): Steps<string> {
  for (let step = 0; step < steps; step++) {
    if (step > 0) yield
    const until = performance.now() + longMs
    while (performance.now() < until);
    done.push(name)
  }
  return name
}

it('does what takes one turn at once', () => {
  expect(inTurns(work('a', 1, []))).toBe('a')
  const done: string[] = []
  expect(atOnce(work('a', 3, done))).toBe('a')
  expect(done).toHaveLength(3)
})

it('gives long works and the event loop their turns one after the other', async () => {
  const done: string[] = []
  const note = () => {
    done.push('-')
    if (done.length < 20) setImmediate(note)
  }
  const works = [inTurns(work('a', 3, done)), inTurns(work('b', 3, done))]
  setImmediate(note)
  expect(await Promise.all(works)).toEqual(['a', 'b'])
  expect(done.join('')).toMatch(/^aba-b-a-b/)
})

it('ends long work for which nobody waits any more', async () => {
  const done: string[] = []
  let turns = 0
  const result = inTurns(work('a', 5, done), () => {
    if (++turns === 2) throw new Error('too late')
  })
  await expect(result).rejects.toThrow('too late')
  expect(done).toHaveLength(2)
})

it('tells what the work throws, at once or later', async () => {
  const failing = function* (steps: number): Steps<void> {
    yield* work('a', steps, [])
    throw new Error('no')
  }
  expect(() => inTurns(failing(1))).toThrow('no')
  await expect(inTurns(failing(3))).rejects.toThrow('no')
})
