import { useTranslation } from 'react-i18next'
import type { RouteResponse } from '#shared/api.ts'
import type { Signature } from '#shared/models.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import styles from './endpoints.module.css'
import { FilledFeatures } from './filled-features.tsx'
import { latencyText } from './latency-text.ts'

interface ResultProps {
  answer: RouteResponse<'predict'> | undefined
  error: unknown
  signature: Signature
}

/** What the model said, which revision said it, and how long it took. */
export function Result({ answer, error, signature }: ResultProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [prediction] = answer?.predictions ?? []
  return (
    <section aria-live="polite" aria-label={t('endpoints.result')}>
      {error !== null && error !== undefined && <ProblemAlert problem={problemOf(error)} />}
      {answer !== undefined && prediction !== undefined && (
        <div className={styles.result}>
          <div>
            <span className="muted">{signature.target}</span>{' '}
            <b className={styles.prediction}>
              {typeof prediction.prediction === 'number'
                ? format.metric(prediction.prediction)
                : String(prediction.prediction)}
            </b>
          </div>
          {prediction.probabilities !== undefined && <Probabilities probabilities={prediction.probabilities} />}
          <FilledFeatures reads={answer.features?.[0] ?? []} />
          <p className={styles.origin}>
            {t('endpoints.answeredBy', {
              revision: answer.revision,
              version: answer.version,
              latency: latencyText(answer.latencyMs, format.short),
            })}
          </p>
        </div>
      )}
    </section>
  )
}

/** Classes beyond these are too improbable to be looked at. */
const shownClasses = 12

function Probabilities({ probabilities }: { probabilities: Readonly<Record<string, number>> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const entries = Object.entries(probabilities).sort(([, a], [, b]) => b - a)
  return (
    <table className={styles.probabilities} aria-label={t('endpoints.probabilities')}>
      <tbody>
        {entries.slice(0, shownClasses).map(([name, probability]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={styles.barCell} aria-hidden="true">
              <span className={styles.bar} style={{ width: `${probability * 100}%` }} />
            </td>
            <td className="numeric">{format.share(probability)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
