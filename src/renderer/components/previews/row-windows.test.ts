import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockRows, blocksOf, cellAfter, columnWidths, rowOfText, windowOf, windowRows } from './row-windows.ts'

describe('windowOf', () => {
  it('cuts a long table into windows', () => {
    expect(windowOf(0, 240_000)).toEqual({ start: 0, count: 240_000 })
    expect(windowOf(1_200_000, 1_300_000)).toEqual({ start: 1_000_000, count: 300_000 })
    expect(windowOf(0, 0)).toEqual({ start: 0, count: 0 })
  })
  it('holds the row that was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000_000 }), fc.nat(), (total, any) => {
        const row = any % total
        const { start, count } = windowOf(row, total)
        expect(row).toBeGreaterThanOrEqual(start)
        expect(row).toBeLessThan(start + count)
        expect(count).toBeLessThanOrEqual(windowRows)
        expect(start + count).toBeLessThanOrEqual(total)
      }),
    )
  })
})

describe('blocksOf', () => {
  it('names the blocks that the rows lie in', () => {
    expect(blocksOf(0, 10, 1_000)).toEqual([0])
    expect(blocksOf(190, 210, 1_000)).toEqual([0, 200])
    expect(blocksOf(990, 1_500, 1_000)).toEqual([800])
    expect(blocksOf(0, 10, 0)).toEqual([])
  })
  it('covers every row asked for', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(300), fc.integer({ min: 1, max: 5_000 }), (from, length, total) => {
        const row = Math.min(from, total - 1)
        const blocks = blocksOf(row, row + length, total)
        for (const each of [row, Math.min(row + length, total - 1)])
          expect(blocks).toContain(Math.floor(each / blockRows) * blockRows)
      }),
    )
  })
})

describe('rowOfText', () => {
  it('reads rows as people write them', () => {
    expect(rowOfText('200,000', 240_000)).toBe(199_999)
    expect(rowOfText('200.000', 240_000)).toBe(199_999)
    expect(rowOfText(' 1 ', 240_000)).toBe(0)
  })
  it('takes no row that is not there', () => {
    for (const text of ['', '0', '-4', 'ten', '240001']) expect(rowOfText(text, 240_000)).toBeUndefined()
  })
})

describe('columnWidths', () => {
  const column = (name: string) => ({ name, type: 'text' as const, storageType: 'TEXT' })
  it('follows the content within bounds', () => {
    const [id = 0, text = 0] = columnWidths([column('id'), column('remarks')], [[1, 'x'.repeat(500)]])
    expect(id).toBeLessThan(120)
    expect(text).toBe(320)
  })
})

describe('cellAfter', () => {
  const size = { rows: 10, columns: 4, pageRows: 5, jump: false }
  it('moves within the table', () => {
    expect(cellAfter({ row: 0, column: 0 }, 'ArrowUp', size)).toEqual({ row: 0, column: 0 })
    expect(cellAfter({ row: 0, column: 0 }, 'PageDown', size)).toEqual({ row: 5, column: 0 })
    expect(cellAfter({ row: 7, column: 1 }, 'PageDown', size)).toEqual({ row: 9, column: 1 })
    expect(cellAfter({ row: 7, column: 1 }, 'End', size)).toEqual({ row: 7, column: 3 })
    expect(cellAfter({ row: 7, column: 1 }, 'Home', { ...size, jump: true })).toEqual({ row: 0, column: 0 })
    expect(cellAfter({ row: 7, column: 1 }, 'a', size)).toBeUndefined()
  })
})
