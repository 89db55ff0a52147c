import { describe, expect, it } from 'vitest'
import type { ColumnStatistics } from '#shared/statistics.ts'
import { createDataFormat } from './data-format.ts'
import { distributionChart, type Sample } from './distribution-chart.ts'

const words = {
  value: 'Value',
  from: 'From',
  to: 'To',
  rows: 'Rows',
  share: 'Share',
  density: 'Density',
  densityPerDay: 'Density per day',
  others: 'Others',
}
const format = createDataFormat('en')
const numeric = (name: string, counts: number[], values?: { value: number; count: number }[]): Sample => {
  const column: ColumnStatistics = {
    name: 'distance',
    type: 'number',
    storageType: 'DOUBLE',
    missing: 0,
    distinct: 3,
    numeric: {
      min: 0,
      max: 20,
      mean: 10,
      stdDev: 1,
      zeros: 0,
      nan: 0,
      infinite: 0,
      quantiles: [],
      histogram: { edges: [0, 10, 20], counts },
      ...(values && { values }),
    },
  }
  return { name, rows: 4, column }
}

describe('distributionChart', () => {
  it('counts rows where one sample stands alone', () => {
    expect(distributionChart([numeric('a', [3, 1])], words, format)?.table).toEqual({
      columns: ['From', 'To', 'Rows'],
      rows: [
        ['0', '10', '3'],
        ['10', '20', '1'],
      ],
    })
  })
  it('compares densities where there are two', () => {
    const chart = distributionChart([numeric('a', [3, 1]), numeric('b', [0, 100])], words, format)
    expect(chart?.table.columns).toEqual(['From', 'To', 'Density (a)', 'Density (b)'])
    expect(chart?.table.rows[0]).toEqual(['0', '0.4', '0.075', '0'])
    expect(chart?.table.rows.at(-1)).toEqual(['19.6', '20', '0.025', '0.1'])
  })
  it('draws few values one by one', () => {
    const values = [
      { value: 1, count: 3 },
      { value: 7, count: 1 },
    ]
    expect(distributionChart([numeric('a', [3, 1], values)], words, format)?.table).toEqual({
      columns: ['Value', 'Rows', 'Share'],
      rows: [
        ['1', '3', '75%'],
        ['7', '1', '25%'],
      ],
    })
  })
  it('names what the most frequent values leave over', () => {
    const column: ColumnStatistics = {
      name: 'origin',
      type: 'text',
      storageType: 'VARCHAR',
      missing: 0,
      distinct: 900,
      categorical: { topValues: [{ value: 'ATL', count: 6 }], minLength: 3, maxLength: 3, avgLength: 3 },
    }
    expect(distributionChart([{ name: 'a', rows: 10, column }], words, format)?.table.rows).toEqual([
      ['ATL', '6', '60%'],
      ['Others', '', '40%'],
    ])
  })
  it('draws nothing of nothing', () => {
    const column: ColumnStatistics = { name: 'x', type: 'other', storageType: 'BLOB', missing: 0, distinct: 1 }
    expect(distributionChart([{ name: 'a', rows: 10, column }], words, format)).toBeUndefined()
  })
})
