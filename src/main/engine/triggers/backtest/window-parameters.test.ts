import { describe, expect, it } from 'vitest'
import { checkWindow, inferWindow, windowValues } from './window-parameters.ts'

describe('inferWindow', () => {
  it.each([
    [
      { from: '2001-01-01', to: '2001-03-01' },
      { from: 'from', to: 'to' },
    ],
    [
      { seed: 7, trainUntil: '2001-03-01', trainFrom: '2001-01-01' },
      { from: 'trainFrom', to: 'trainUntil' },
    ],
    [
      { start_date: '2001-01-01T00:00:00Z', end_date: '2001-02-01T00:00:00Z' },
      { from: 'start_date', to: 'end_date' },
    ],
    [
      { newest: '2001-03-01', oldest: '2000-03-01' },
      { from: 'oldest', to: 'newest' },
    ],
    [{ from: 1, to: 2 }, undefined],
    [{ from: '2001-01-01' }, undefined],
    [{ a: '2001-01-01', b: '2001-02-01', c: '2001-03-01' }, undefined],
    [{}, undefined],
  ])('of %j is %j', (parameters, window) => {
    expect(inferWindow(parameters)).toEqual(window)
  })
})

describe('windowValues', () => {
  const span = { from: '2001-02-01', to: '2001-03-01' }
  it.each([
    ['2001-01-01', '2001-02-01', '2001-03-01'],
    ['2001-01-01T00:00:00Z', '2001-02-01T00:00:00Z', '2001-03-01T00:00:00Z'],
    ['2001-01-01 00:00', '2001-02-01 00:00:00', '2001-03-01 00:00:00'],
  ])('takes the form of %s', (usual, from, to) => {
    const defaults = { from: usual, to: usual, epochs: 3 }
    expect(windowValues({ from: 'from', to: 'to' }, span, defaults)).toEqual({ from, to, epochs: 3 })
  })
})

describe('checkWindow', () => {
  it('names what is missing and what is near', () => {
    const check = () => checkWindow({ from: 'form', to: 'to' }, { from: '2001-01-01', to: '2001-02-01' })
    expect(check).toThrow(
      expect.objectContaining({
        code: 'parameter-invalid',
        context: expect.objectContaining({ found: 'form', nearest: 'from', allowed: 'from, to' }),
      }),
    )
  })
})
