import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { confusionCells } from './evaluation.ts'
import styles from './models.module.css'

/** The strongest ground of a cell, in percent: text stays readable on it. */
const strongestGround = 34

interface ConfusionMatrixProps {
  counts: readonly (readonly number[])[]
  classes: readonly string[]
}

/** Counts and shares of each actual class; the deeper the ground, the larger the share. */
export function ConfusionMatrix({ counts, classes }: ConfusionMatrixProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.limited} tabIndex={0} aria-label={t('models.confusionLabel')}>
      <table className={styles.matrix} aria-label={t('models.confusionLabel')}>
        <thead>
          <tr>
            <th scope="col">{t('models.actualPredicted')}</th>
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusionCells(counts).map((row, actual) => (
            <tr key={classes[actual]}>
              <th scope="row">{classes[actual]}</th>
              {row.map(({ count, share, right }, predicted) => (
                <td
                  key={classes[predicted]}
                  data-right={right || undefined}
                  style={{ background: ground(right ? '--series-1' : '--series-2', share) }}
                >
                  {format.integer(count)}
                  <span className={styles.share}>{format.percent(share)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.words}>{t('models.confusionWords')}</p>
    </section>
  )
}

function ground(color: string, share: number): string {
  return `color-mix(in srgb, var(${color}) ${Math.round(share * strongestGround)}%, transparent)`
}
