import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorCatalogue, problemSchema } from '#shared/errors.ts'
import {
  asEsteiraError,
  describeFileProblem,
  describeProblem,
  EsteiraError,
  editDistance,
  fromProblem,
  nearestName,
  toProblem,
} from './errors.ts'

const shortText = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', 'é') })

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['form', 'from', 1],
    ['ca', 'abc', 3],
    ['thersholds', 'thresholds', 1],
  ])('of "%s" and "%s" is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })

  it('is symmetric, zero only for equal texts, and bounded by the lengths', () => {
    fc.assert(
      fc.property(shortText, shortText, (a, b) => {
        const distance = editDistance(a, b)
        expect(distance).toBe(editDistance(b, a))
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })

  it('is one for any single slip', () => {
    fc.assert(
      fc.property(shortText, fc.nat(12), (text, at) => {
        const index = at % (text.length + 1)
        expect(editDistance(text, `${text.slice(0, index)}x${text.slice(index)}`)).toBe(1)
      }),
    )
  })
})

describe('the nearest name', () => {
  it('is one that could be meant, and none where all are far', () => {
    expect(nearestName('epoch', ['epochs', 'seed', 'trainer'])).toBe('epochs')
    expect(nearestName('EPOCHS', ['epochs'])).toBe('epochs')
    expect(nearestName('batch', ['epochs', 'trainer'])).toBeUndefined()
    expect(nearestName('x', [])).toBeUndefined()
  })

  it('is the name itself if it is among the candidates, and always a candidate', () => {
    fc.assert(
      fc.property(shortText, fc.array(shortText), (name, candidates) => {
        const found = nearestName(name, candidates)
        if (found !== undefined) expect(candidates).toContain(found)
        if (candidates.includes(name)) expect(found).toBe(name)
      }),
    )
  })
})

describe('a problem', () => {
  const full = new EsteiraError('column-not-found', 'The column "dely" is not in the data.', {
    where: 'pipelines/train.yaml:3:5',
    found: 'dely',
    allowed: 'delay, date',
    nearest: 'delay',
    next: 'Mend the file.',
    problems: [{ file: 'a.yaml', line: 1, column: 2, message: 'Wrong.' }],
  })

  it('keeps everything across a process boundary', () => {
    const problem = problemSchema.parse(JSON.parse(JSON.stringify(toProblem(full))))
    expect(problem).toMatchObject({
      type: 'urn:esteira:problem:column-not-found',
      status: 422,
      code: 'column-not-found',
    })
    expect(toProblem(fromProblem(problem))).toEqual(problem)
  })

  it('of an unknown code becomes internal', () => {
    const problem = { ...toProblem(full), code: 'from-the-future' }
    expect(fromProblem(problem).code).toBe('internal')
    expect(fromProblem({ ...problem, code: 'toString' }).code).toBe('internal')
  })

  it('is bounded in size, however large the data that it quotes', () => {
    const long = 'x'.repeat(100_000)
    const problems = Array.from({ length: 5_000 }, () => ({ file: 'a.yaml', message: long }))
    const problem = toProblem(
      new EsteiraError('internal', long, {
        where: long,
        found: long,
        allowed: long,
        nearest: long,
        next: long,
        problems,
      }),
    )
    expect(problem.detail.endsWith('… (100000 characters)')).toBe(true)
    expect(problem.problems).toHaveLength(100)
    expect(JSON.stringify(problem).length).toBeLessThan(300_000)
  })

  it('never shows the stack of an unexpected error', () => {
    const text = JSON.stringify(toProblem(new TypeError('x is not a function')))
    expect(text).toContain('x is not a function')
    expect(text).not.toContain('errors.test.ts')
  })

  it('is worded in one line', () => {
    expect(describeProblem(toProblem(full))).toBe(
      'The column "dely" is not in the data. At: pipelines/train.yaml:3:5. Found: dely. Allowed: delay, date. Did you mean "delay"? Mend the file.',
    )
    const file = {
      file: 'p.yaml',
      line: 3,
      column: 5,
      path: 'steps.a',
      message: 'Wrong.',
      found: 'x',
      expected: 'y',
      nearest: 'y',
    }
    expect(describeFileProblem(file)).toBe('p.yaml:3:5 (steps.a): Wrong. Found: x. Expected: y. Did you mean "y"?')
    expect(describeFileProblem({ file: 'p.yaml', message: 'Wrong.' })).toBe('p.yaml: Wrong.')
  })
})

describe('a thrown value', () => {
  it.each([
    [Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), 'disk-full'],
    [Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }), 'disk-full'],
    [new Error('IO Error: Could not write: No space left on device'), 'disk-full'],
    [new DOMException('stop', 'AbortError'), 'cancelled'],
    [new Error('boom'), 'internal'],
    ['a text', 'internal'],
    [undefined, 'internal'],
    [null, 'internal'],
  ])('%s is classified as %s', (thrown, code) => {
    expect(asEsteiraError(thrown).code).toBe(code)
    expect(toProblem(thrown).title).toBe(errorCatalogue[asEsteiraError(thrown).code].title)
  })

  it('of ours stays itself', () => {
    const error = new EsteiraError('conflict', 'No.')
    expect(asEsteiraError(error)).toBe(error)
  })

  it('of any kind makes a valid problem', () => {
    fc.assert(fc.property(fc.anything(), (thrown) => void problemSchema.parse(toProblem(thrown))))
  })
})
