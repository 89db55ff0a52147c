import { describe, expect, it } from 'vitest'
import { collectRows, csvText, mostRows, tsvText } from './collect-rows.ts'

const source = (total: number) => ({
  load: async (offset: number, limit: number) => ({
    columns: [{ name: 'n', type: 'integer' as const, storageType: 'BIGINT' }],
    rows: Array.from({ length: Math.max(Math.min(limit, total - offset), 0) }, (_, index) => [offset + index]),
    offset,
    total,
  }),
})
const signal = new AbortController().signal

describe('collectRows', () => {
  it('reads page after page, each row once', async () => {
    const seen: number[] = []
    const { rows } = await collectRows(source(2_345), signal, (count) => seen.push(count))
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 2_345 }, (_, index) => index))
    expect(seen).toEqual([1_000, 2_000, 2_345])
  })
  it('ends with what is left and with what is too much', async () => {
    expect((await collectRows(source(0), signal)).rows).toEqual([])
    expect((await collectRows(source(mostRows + 5), signal)).rows).toHaveLength(mostRows)
  })
})

describe('texts to take along', () => {
  const taken = {
    columns: ['a', 'b c'],
    rows: [
      [1, 'x,y'],
      [null, ''],
    ],
  }
  it('are CSV and tab-separated', () => {
    expect(csvText(taken)).toBe('\uFEFFa,b c\r\n1,"x,y"\r\n,""\r\n')
    expect(tsvText(taken)).toBe('a\tb c\n1\tx,y\n\t')
  })
})
