import { useTranslation } from 'react-i18next'
import type { DriftReport } from '#shared/drift.ts'
import { DriftReportView } from '../../../components/drift/drift-report.tsx'
import styles from './step.module.css'

/** What a step found when it compared two samples. */
export function DriftPreview({ report }: { report: DriftReport }) {
  const { t } = useTranslation()
  const { current, reference } = report
  return (
    <>
      <p className={styles.line}>{t('drift.between', { current, reference })}</p>
      <DriftReportView report={report} />
    </>
  )
}
