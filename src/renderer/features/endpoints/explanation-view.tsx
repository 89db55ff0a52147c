import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Explanation } from '#shared/explanations.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import styles from './endpoints.module.css'
import type { Row } from './form.ts'
import { useExplain } from './queries.ts'

/** Contributions beyond these are too small to be looked at. */
const shownInputs = 20

/** Asked for one row, on a person's word: an explanation costs some hundred predictions. */
export function ExplanationView({ endpoint, row }: { endpoint: string; row: Row }) {
  const { t } = useTranslation()
  const explain = useExplain(endpoint)
  const [explanation] = explain.data?.explanations ?? []
  return (
    <section aria-live="polite" aria-label={t('endpoints.explanation')}>
      {explanation === undefined && (
        <Button variant="default" loading={explain.isPending} onClick={() => explain.mutate(row)}>
          {t('endpoints.explain')}
        </Button>
      )}
      {explain.error !== null && <ProblemAlert problem={problemOf(explain.error)} />}
      {explanation !== undefined && <Contributions explanation={explanation} row={row} />}
    </section>
  )
}

function Contributions({ explanation, row }: { explanation: Explanation; row: Row }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { base, output, contributions } = explanation
  const isShare = explanation.class !== undefined
  const number = (value: number) => (isShare ? format.share(value) : format.metric(value))
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`
  const largest = Math.max(...contributions.map(({ value }) => Math.abs(value)), Number.MIN_VALUE)
  const words = isShare ? 'endpoints.explanationOfClass' : 'endpoints.explanationOfValue'
  return (
    <>
      <p className={styles.origin}>
        {t(words, { name: explanation.class ?? '', base: number(base), output: number(output) })}
      </p>
      <table className={styles.probabilities} aria-label={t('endpoints.explanation')}>
        <tbody>
          {contributions.slice(0, shownInputs).map(({ input, value, error }) => (
            <tr key={input}>
              <th scope="row">
                {input} <span className="muted">{row[input] === undefined ? '–' : String(row[input])}</span>
              </th>
              <td className={styles.barCell} aria-hidden="true">
                <span className={styles.diverging}>
                  <span
                    className={value < 0 ? styles.below : styles.above}
                    style={{ width: `${(Math.abs(value) / largest) * 50}%` }}
                  />
                </span>
              </td>
              <td className="numeric" title={t('endpoints.samplingError', { error: number(error) })}>
                {signed(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
