import { useTranslation } from 'react-i18next'
import type { DriftReport } from '#shared/drift.ts'
import { DriftReportView } from '../../../components/drift/drift-report.tsx'
import { sentenceWords } from '../../../lib/words/sentences.ts'
import { useWords } from '../../../lib/words/speech.ts'
import styles from './step.module.css'

/** What a step found when it compared two samples. */
export function DriftPreview({ report }: { report: DriftReport }) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  const { current, reference } = report
  return (
    <>
      <p className={styles.line}>
        {t('drift.between', { current: sentences.text(current), reference: sentences.text(reference) })}
      </p>
      <DriftReportView report={report} />
    </>
  )
}
