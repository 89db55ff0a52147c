import { useTranslation } from 'react-i18next'
import type { GateCheck, GateCheckKind, Verdict } from '#shared/gate.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { gateWords } from '../../lib/words/gate.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './models.module.css'
import { ForestView } from './verdict/forest-view.tsx'
import { JudgedSlices } from './verdict/judged-slices.tsx'
import { ServingFigures } from './verdict/serving-figures.tsx'

/** What the gate said, question by question, with the figures behind it. */
export function VerdictView({ verdict }: { verdict: Verdict | undefined }) {
  const { t } = useTranslation()
  if (verdict === undefined) return <EmptyNote>{t('models.noVerdict')}</EmptyNote>
  const { checks, outcome, against } = verdict
  return (
    <>
      <p className={styles.reasonLine}>
        <VerdictReason verdict={verdict} /> {against !== undefined && `${t('models.against', against)}.`}{' '}
        {outcome !== undefined && t(`gate.outcome_${outcome}`)}
      </p>
      {questionsOf(checks).map((kind) => (
        <Question key={kind} kind={kind} verdict={verdict} />
      ))}
    </>
  )
}

/** What failed, word for word; that all passed, in a few: each check says its own. */
export function VerdictReason({ verdict }: { verdict: Verdict }) {
  return useWords(gateWords).verdict(verdict)
}

type QuestionKind = GateCheckKind | 'plain'
const order: readonly QuestionKind[] = ['threshold', 'comparison', 'slices', 'deployment', 'plain']

function kindOf({ kind }: GateCheck): QuestionKind {
  return kind ?? 'plain'
}

function questionsOf(checks: readonly GateCheck[]): QuestionKind[] {
  return order.filter((kind) => checks.some((check) => kindOf(check) === kind))
}

function Question({ kind, verdict }: { kind: QuestionKind; verdict: Verdict }) {
  const { t } = useTranslation()
  const checks = verdict.checks.filter((check) => kindOf(check) === kind)
  const title = t(`gate.question_${kind}`)
  return (
    <section className={styles.question} aria-label={title}>
      <h3 className={styles.questionTitle}>
        {title} <PassedMark passed={checks.every(({ passed }) => passed)} />
      </h3>
      <ChecksTable label={kind === 'plain' ? t('models.checks') : title} checks={checks} />
      <Figures kind={kind} verdict={verdict} />
    </section>
  )
}

function Figures({ kind, verdict }: { kind: QuestionKind; verdict: Verdict }) {
  const { comparisons = [], slices = [], deployment } = verdict
  switch (kind) {
    case 'comparison':
      return comparisons.length > 0 && <ForestView comparisons={comparisons} />
    case 'slices':
      return slices.map((figures) => <JudgedSlices key={figures.columns.join()} figures={figures} />)
    case 'deployment':
      return deployment !== undefined && <ServingFigures figures={deployment} />
    case 'threshold':
    case 'plain':
      return null
  }
}

function ChecksTable({ label, checks }: { label: string; checks: readonly GateCheck[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(gateWords)
  const shown = (value: number | null) => (value === null ? '–' : format.metric(value))
  const columns: Column<GateCheck>[] = [
    { key: 'check', label: t('models.check'), wraps: true, cell: words.check },
    { key: 'value', label: t('run.value'), numeric: true, cell: ({ value }) => shown(value) },
    { key: 'limit', label: t('models.limit'), numeric: true, cell: ({ limit }) => shown(limit) },
    { key: 'passed', label: t('common.status'), cell: ({ passed }) => <PassedMark passed={passed} /> },
    { key: 'reason', label: t('common.reason'), wraps: true, cell: words.reason },
  ]
  return <Table label={label} columns={columns} rows={checks} rowKey={({ check }) => check} />
}

function PassedMark({ passed }: { passed: boolean }) {
  const { t } = useTranslation()
  return <StatusMark status={passed ? 'blessed' : 'rejected'} text={t(passed ? 'models.passed' : 'models.notPassed')} />
}
