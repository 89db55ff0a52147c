import { useTranslation } from 'react-i18next'
import type { Anomaly, Verdicts } from '#shared/anomalies.ts'
import { AlertIcon, CheckIcon, CrossIcon } from '../icons.tsx'
import styles from './anomalies.module.css'

interface VerdictsViewProps {
  anomalies: readonly Anomaly[]
  verdicts: Verdicts | undefined
  rows: number
  schemaFile: string
  environment: string
}

/** A broken schema stops; values that moved ask for a new model. Two questions, so two answers, side by side. */
export function VerdictsView({ anomalies, verdicts, rows, schemaFile, environment }: VerdictsViewProps) {
  const { t } = useTranslation()
  return (
    <section className={styles.verdicts} aria-label={t('anomaly.verdicts')} role="status">
      <SchemaVerdict anomalies={anomalies} verdicts={verdicts} schemaFile={schemaFile} />
      {verdicts !== undefined && <ValuesVerdict values={verdicts.values} />}
      <p className={styles.checked}>{t('anomaly.checked', { count: rows, file: schemaFile, environment })}</p>
    </section>
  )
}

type Tone = 'good' | 'warn' | 'bad' | 'none'

interface VerdictBoxProps {
  tone: Tone
  question: string
  answer: string
  text: string
}

function VerdictBox({ tone, question, answer, text }: VerdictBoxProps) {
  const Icon = { good: CheckIcon, none: undefined, warn: AlertIcon, bad: CrossIcon }[tone]
  return (
    <div className={styles.verdict} data-tone={tone}>
      <span className={styles.question}>{question}</span>
      <strong className={styles.answer}>
        {Icon !== undefined && <Icon size={17} />}
        {answer}
      </strong>
      <span className={styles.why}>{text}</span>
    </div>
  )
}

function SchemaVerdict({
  anomalies,
  verdicts,
  schemaFile,
}: Pick<VerdictsViewProps, 'anomalies' | 'verdicts' | 'schemaFile'>) {
  const { t } = useTranslation()
  const errors = verdicts?.schema.errors ?? anomalies.filter(({ severity }) => severity === 'ERROR').length
  const warnings = verdicts?.schema.warnings ?? anomalies.length - errors
  const found = [
    ...(errors > 0 ? [t('anomaly.errors', { count: errors })] : []),
    ...(warnings > 0 ? [t('anomaly.warnings', { count: warnings })] : []),
  ]
  const stop = verdicts?.schema.stop ?? errors > 0
  const text = stop
    ? t('anomaly.verdict.stopText')
    : found.length > 0
      ? t('anomaly.verdict.goOnWarnings')
      : t('anomaly.matches', { file: schemaFile })
  return (
    <VerdictBox
      tone={stop ? 'bad' : found.length > 0 ? 'warn' : 'good'}
      question={t('anomaly.verdict.schema')}
      answer={[stop ? t('anomaly.verdict.stop') : t('anomaly.verdict.goOn'), ...found].join(' · ')}
      text={text}
    />
  )
}

function ValuesVerdict({ values: { retrain, compared, drifted, skewed } }: { values: Verdicts['values'] }) {
  const { t } = useTranslation()
  const columns = [...new Set([...drifted, ...skewed])].join(', ')
  if (retrain) {
    return (
      <VerdictBox
        tone="warn"
        question={t('anomaly.verdict.values')}
        answer={t('anomaly.verdict.retrain')}
        text={t('anomaly.verdict.retrainText', { columns })}
      />
    )
  }
  return (
    <VerdictBox
      tone={compared > 0 ? 'good' : 'none'}
      question={t('anomaly.verdict.values')}
      answer={compared > 0 ? t('anomaly.verdict.steady') : t('anomaly.verdict.notCompared')}
      text={compared > 0 ? t('anomaly.steadyText', { count: compared }) : t('anomaly.verdict.notComparedText')}
    />
  )
}
