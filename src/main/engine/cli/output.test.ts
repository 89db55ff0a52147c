import { expect, test } from 'vitest'
import { formatMetrics, formatSeconds, formatTable, secondsBetween } from './output.ts'

test('columns line up, numbers to the right, accents counted as a person counts', () => {
  const table = formatTable(
    ['name', 'count', 'remark'],
    [
      ['São Paulo', '7', ''],
      ['e\u0301te\u0301', '1,200', 'hot'],
    ],
  )
  expect(table.split('\n')).toEqual([
    'name       count  remark',
    'São Paulo      7',
    'e\u0301te\u0301        1,200  hot',
  ])
  expect(formatTable(['a'], [])).toBe('')
})

test.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1:00 min'],
  [185, '3:05 min'],
  [3_723, '1:02:03 h'],
])('%d seconds are written as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

test('metrics keep four significant digits', () => {
  expect(formatMetrics({ auc: 0.649449, rmse: 1234.56, rows: 3 })).toBe('auc 0.6494, rmse 1235, rows 3')
})

test('what has not ended counts up to now, what never began is 0', () => {
  expect(secondsBetween(1_000, 3_500)).toBe(2.5)
  expect(secondsBetween(1_000, null, 2_000)).toBe(1)
  expect(secondsBetween(null, null)).toBe(0)
})
