import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '#shared/models.ts'
import { Chart } from '../../components/chart.tsx'
import { useFormat } from '../../lib/format.ts'
import { curvesOption, type NamedCurve } from './charts.ts'
import { positiveShare } from './evaluation.ts'
import styles from './models.module.css'

/** The evaluations of one or more models, each with its name in the legend. */
export type NamedEvaluations = readonly { readonly name: string; readonly evaluation: Evaluation }[]
interface CurvesProps {
  evaluations: NamedEvaluations
}

const diagonal = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
]

export function Roc({ evaluations }: CurvesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [first] = evaluations
  const auc = evaluations.length === 1 ? first?.evaluation.metrics.auc : undefined
  const curves = useCurves(evaluations, ({ roc }) => roc)
  return (
    <div>
      <CurveChart
        title={t('models.roc')}
        curves={curves}
        xName={t('models.falsePositiveRate')}
        yName={t('models.truePositiveRate')}
        baseline={{ name: t('models.chance'), points: diagonal }}
        fractions
      />
      {auc !== undefined && (
        <p className={styles.words}>
          {t('models.aucWords', { auc: format.metric(auc), pairs: format.integer(auc * 100) })}
        </p>
      )}
    </div>
  )
}

export function PrecisionRecall({ evaluations }: CurvesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const curves = useCurves(evaluations, ({ precisionRecall }) => precisionRecall)
  const shares = new Set(evaluations.map(({ evaluation }) => positiveShare(evaluation.confusion ?? [])))
  // Models scored on rows with other shares of positive ones have no level of chance in common.
  const [share = 0] = shares.size === 1 ? shares : []
  const level = [
    { x: 0, y: share },
    { x: 1, y: share },
  ]
  return (
    <div>
      <CurveChart
        title={t('models.precisionRecall')}
        curves={curves}
        xName={t('models.recall')}
        yName={t('models.precision')}
        baseline={{ name: t('models.chance'), points: shares.size === 1 ? level : [] }}
        fractions
      />
      {shares.size === 1 && <p className={styles.words}>{t('models.prWords', { share: format.percent(share) })}</p>}
    </div>
  )
}

export function Calibration({ evaluations }: CurvesProps) {
  const { t } = useTranslation()
  const regression = evaluations[0]?.evaluation.task === 'regression'
  const curves = useCurves(evaluations, ({ calibration }) =>
    calibration?.map(({ meanPredicted, observed }) => ({ x: meanPredicted, y: observed })),
  )
  const ends = curves.flatMap(({ points }) => points.map(({ x }) => x))
  const [low, high] = regression ? [Math.min(...ends), Math.max(...ends)] : [0, 1]
  return (
    <div>
      <CurveChart
        title={t('models.calibration')}
        curves={curves}
        xName={t(regression ? 'models.meanValue' : 'models.meanProbability')}
        yName={t(regression ? 'models.observedValue' : 'models.observedShare')}
        baseline={{
          name: t('models.perfect'),
          points: [
            { x: low, y: low },
            { x: high, y: high },
          ],
        }}
        fractions={!regression}
        marked
      />
      <p className={styles.words}>{t('models.calibrationWords')}</p>
    </div>
  )
}

function useCurves(evaluations: NamedEvaluations, pick: (evaluation: Evaluation) => NamedCurve['points'] | undefined) {
  return evaluations.flatMap(({ name, evaluation }) => {
    const points = pick(evaluation)
    return points === undefined ? [] : [{ name, points }]
  })
}

interface CurveChartProps {
  title: string
  curves: readonly NamedCurve[]
  xName: string
  yName: string
  baseline: NamedCurve
  fractions: boolean
  marked?: boolean
}

function CurveChart({ title, curves, xName, yName, baseline, fractions, marked = false }: CurveChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const key = JSON.stringify([curves, xName, yName, baseline])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what the chart shows
  const option = useMemo(
    () => curvesOption({ curves, xName, yName, baseline, fractions, marked, number: format.short }),
    [key, fractions, marked, format],
  )
  const rows = curves.flatMap(({ name, points }) =>
    points.map(({ x, y }) => [...(curves.length > 1 ? [name] : []), format.metric(x), format.metric(y)]),
  )
  return (
    <Chart
      title={title}
      label={t('models.curveLabel', { title, x: xName, y: yName })}
      option={option}
      heightPx={250}
      table={{ columns: [...(curves.length > 1 ? [t('common.version')] : []), xName, yName], rows }}
    />
  )
}
