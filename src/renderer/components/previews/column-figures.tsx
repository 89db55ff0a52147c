import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type ColumnStatistics, quantilePositions } from '#shared/statistics.ts'
import { type DataFormat, useDataFormat } from './data-format.ts'
import styles from './statistics.module.css'
import type { StatisticsRow } from './statistics-rows.ts'

export interface ColumnDetailsProps {
  row: StatisticsRow
  rows: number
  otherRows: number | undefined
  /** Of the two samples. */
  names: readonly [string, string]
}

/** Every figure that is known of a column; beside another sample's, with the differences. */
export function ColumnFigures({ row, rows, otherRows, names }: ColumnDetailsProps) {
  const { t } = useTranslation()
  const format = useDataFormat()
  const figures = useFigures(row.column, format)
  const { column, other } = row
  const compared = other !== undefined && otherRows !== undefined
  return (
    <table className={styles.figures} aria-label={t('preview.figures')}>
      {compared && (
        <thead>
          <tr>
            <th scope="col">{t('preview.figure')}</th>
            <th scope="col" data-series="0">
              {names[0]}
            </th>
            <th scope="col" data-series="1">
              {names[1]}
            </th>
            <th scope="col">{t('preview.difference')}</th>
          </tr>
        </thead>
      )}
      <tbody>
        {figures.map(({ key, label, of, text, difference }) => {
          const value = of(column, rows)
          const otherValue = compared ? of(other, otherRows) : undefined
          if (value === undefined && otherValue === undefined) return null
          const both = value !== undefined && otherValue !== undefined
          return (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>{value === undefined ? '–' : text(value)}</td>
              {compared && <td>{otherValue === undefined ? '–' : text(otherValue)}</td>}
              {compared && <td>{both && difference(otherValue - value)}</td>}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

interface Figure {
  readonly key: string
  readonly label: string
  readonly of: (column: ColumnStatistics, rows: number) => number | undefined
  readonly text: (value: number) => string
  readonly difference: (value: number) => string
}

const dayMs = 86_400_000

function useFigures({ type }: ColumnStatistics, format: DataFormat): Figure[] {
  const { t } = useTranslation()
  return useMemo(() => {
    const instants = type === 'timestamp'
    const days = (value: number, text: (days: number) => string) => t('preview.days', { days: text(value / dayMs) })
    const counted = (key: string, label: string, of: Figure['of']): Figure => {
      return { key, label, of, text: (value) => format.figure(value, 'integer'), difference: format.difference }
    }
    const measured = (key: string, label: string, of: Figure['of']): Figure => {
      const difference = (value: number) => (instants ? days(value, format.difference) : format.difference(value))
      return { key, label, of, text: (value) => format.figure(value, type), difference }
    }
    // Fractions of a second say nothing of where a sample of instants lies.
    const center = (value: number) => format.figure(instants ? Math.round(value / 1_000) * 1_000 : value, type)
    const spread = (value: number) =>
      instants ? days(value, (size) => format.figure(size, 'number')) : format.figure(value, 'number')
    const named = new Map<number, string>([
      [0, t('preview.min')],
      [0.5, t('preview.median')],
      [1, t('preview.max')],
    ])
    return [
      counted('rows', t('preview.rows'), (_, rows) => rows),
      counted('missing', t('preview.missing'), ({ missing }) => missing),
      {
        key: 'missing-share',
        label: t('preview.missingPart'),
        of: ({ missing }, rows) => (rows === 0 ? undefined : missing / rows),
        text: format.share,
        difference: (value) => t('preview.points', { points: format.difference(100 * value) }),
      },
      counted('distinct', t('preview.distinct'), ({ distinct }) => distinct),
      { ...measured('mean', t('preview.mean'), ({ numeric }) => numeric?.mean), text: center },
      { ...measured('std-dev', t('preview.stdDev'), ({ numeric }) => numeric?.stdDev), text: spread },
      ...quantilePositions.map((position, index) => {
        const label = named.get(position) ?? t('preview.quantile', { percent: format.share(position) })
        return measured(`quantile-${position}`, label, ({ numeric }) => numeric?.quantiles[index])
      }),
      counted('zeros', t('preview.zeros'), ({ numeric }) => (instants ? undefined : numeric?.zeros)),
      counted('nan', t('preview.nan'), ({ numeric }) => (instants ? undefined : numeric?.nan)),
      counted('infinite', t('preview.infinite'), ({ numeric }) => (instants ? undefined : numeric?.infinite)),
      counted('min-length', t('preview.minLength'), lengthOf('minLength')),
      {
        ...counted('avg-length', t('preview.avgLength'), lengthOf('avgLength')),
        text: (value) => format.figure(value, 'number'),
      },
      counted('max-length', t('preview.maxLength'), lengthOf('maxLength')),
    ]
  }, [t, format, type])
}

/** Lengths say nothing of booleans. */
const lengthOf =
  (key: 'minLength' | 'avgLength' | 'maxLength') =>
  ({ type, categorical }: ColumnStatistics): number | undefined =>
    type === 'boolean' ? undefined : categorical?.[key]
