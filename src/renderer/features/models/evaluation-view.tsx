import { useTranslation } from 'react-i18next'
import type { Evaluation } from '#shared/models.ts'
import { Panel } from '../../components/page.tsx'
import { ConfusionMatrix } from './confusion-matrix.tsx'
import { Calibration, PrecisionRecall, Roc } from './curves.tsx'
import { ImportanceChart } from './importance-chart.tsx'
import styles from './models.module.css'
import { SlicesView } from './slices-view.tsx'

/** What the model scores on the rows of the test, from several sides: what there is depends on the task. */
export function EvaluationView({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation()
  const { confusion, roc, precisionRecall, calibration, importance, slices } = evaluation
  return (
    <>
      <div className={styles.columns}>
        {confusion !== undefined && (
          <Panel title={t('models.confusion')}>
            <ConfusionMatrix counts={confusion} classes={evaluation.classes} />
          </Panel>
        )}
        {importance !== undefined && (
          <Panel title={t('models.importance')}>
            <ImportanceChart importance={importance} />
          </Panel>
        )}
        {confusion === undefined && calibration !== undefined && (
          <Panel title={t('models.calibration')}>
            <Calibration evaluations={[{ name: t('models.model'), evaluation }]} />
          </Panel>
        )}
      </div>
      {(roc !== undefined || precisionRecall !== undefined) && (
        <Panel title={t('models.curves')}>
          <div className={styles.charts}>
            <Roc evaluations={[{ name: t('models.model'), evaluation }]} />
            <PrecisionRecall evaluations={[{ name: t('models.model'), evaluation }]} />
            <Calibration evaluations={[{ name: t('models.model'), evaluation }]} />
          </div>
        </Panel>
      )}
      {slices.length > 0 && (
        <Panel title={t('models.slices')}>
          <SlicesView evaluation={evaluation} />
        </Panel>
      )}
    </>
  )
}
