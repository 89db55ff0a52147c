import { describe, expect, it } from 'vitest'
import { changedValues, compareValues } from './differences.ts'

describe('compareValues', () => {
  it('says which values differ, and where one is missing', () => {
    const found = compareValues([
      { epochs: 20, rate: 0.1, deep: { a: 1, b: [1, 2] } },
      { rate: 0.2, epochs: 20, deep: { b: [1, 2], a: 1 }, extra: null },
    ])
    expect(found).toEqual([
      { name: 'epochs', values: [20, 20], differs: false },
      { name: 'rate', values: [0.1, 0.2], differs: true },
      {
        name: 'deep',
        values: [
          { a: 1, b: [1, 2] },
          { b: [1, 2], a: 1 },
        ],
        differs: false,
      },
      { name: 'extra', values: [undefined, null], differs: true },
    ])
  })

  it('tells a number from its text, and lists by their order', () => {
    expect(compareValues([{ a: 1 }, { a: '1' }])[0]?.differs).toBe(true)
    expect(compareValues([{ a: [1, 2] }, { a: [2, 1] }])[0]?.differs).toBe(true)
  })
})

it('changedValues leaves out what the file says anyway; without the file all count', () => {
  expect(changedValues({ month: '2001-02', epochs: 20 }, { month: '2001-01', epochs: 20 })).toEqual([
    ['month', '2001-02'],
  ])
  expect(changedValues({ epochs: 20 }, undefined)).toEqual([['epochs', 20]])
})
