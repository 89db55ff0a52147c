import { describe, expect, it } from 'vitest'
import type { TableColumn } from '#shared/data.ts'
import { likelyTarget, projectFolder, projectNameFrom } from './suggest.ts'

const column = (name: string, type: TableColumn['type'] = 'number'): TableColumn => ({ name, type, storageType: 'X' })

describe('likelyTarget', () => {
  it('takes a column that is named so, else the last that can be learned', () => {
    expect(likelyTarget([column('a'), column('Label'), column('z')])).toBe('Label')
    expect(likelyTarget([column('a'), column('b'), column('at', 'timestamp')])).toBe('b')
    expect(likelyTarget([])).toBeUndefined()
  })
})

describe('projectNameFrom', () => {
  it('makes a name of the file', () => {
    expect(projectNameFrom('/data/Churn 2024.csv')).toBe('churn-2024')
    expect(projectNameFrom('C:\\dados\\Preços de imóveis.csv.gz')).toBe('preços-de-imóveis')
    expect(projectNameFrom('/data/.csv')).toBe('project')
  })
})

describe('projectFolder', () => {
  it('follows the form of the home', () => {
    expect(projectFolder('/home/ana/.esteira', 'churn')).toBe('/home/ana/.esteira/projects/churn')
    expect(projectFolder('C:\\Users\\ana\\.esteira', 'churn')).toBe('C:\\Users\\ana\\.esteira\\projects\\churn')
  })
})
