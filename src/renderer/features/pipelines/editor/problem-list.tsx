import { useTranslation } from 'react-i18next'
import type { FileProblem } from '#shared/errors.ts'
import { AlertIcon, CheckIcon } from '../../../components/icons.tsx'
import { sentenceWords } from '../../../lib/words/sentences.ts'
import { useWords } from '../../../lib/words/speech.ts'
import styles from './editor.module.css'
import { stepOfProblem } from './selection.ts'
import { useEditor } from './use-pipeline-editor.ts'

/** Every problem of the text in the CLI's own words; each leads to its line and its step. */
export function ProblemList() {
  const { t } = useTranslation()
  const { problems, draft } = useEditor()
  if (problems.length === 0) {
    return (
      <p className={styles.fine} role="status">
        {draft !== undefined && (
          <>
            <CheckIcon size={14} /> {t('pipelines.noProblems')}
          </>
        )}
      </p>
    )
  }
  return (
    <section className={styles.problems} aria-label={t('pipelines.problems')}>
      <h2 className={styles.problemsTitle} role="status">
        <AlertIcon size={14} /> {t('pipelines.problemCount', { count: problems.length })}
      </h2>
      <ul className={styles.problemItems}>
        {problems.map((problem) => (
          <li key={JSON.stringify(problem)}>
            <ProblemButton problem={problem} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ProblemButton({ problem }: { problem: FileProblem }) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  const { steps, select, showLine } = useEditor()
  const step = stepOfProblem(steps, problem)
  return (
    <button
      type="button"
      className={styles.problem}
      onClick={() => {
        if (step !== undefined) select(step)
        if (problem.line !== undefined) showLine(problem.line)
      }}
    >
      <span className={styles.problemPlace}>
        {problem.line === undefined ? '–' : t('pipelines.line', { line: problem.line })}
      </span>
      <span title={problem.message}>
        {step !== undefined && <b>{step}: </b>}
        {sentences.text(problem.message)}{' '}
        {problem.found !== undefined && `${t('problem.foundValue', { found: problem.found })} `}
        {problem.expected !== undefined && `${t('problem.expected', { expected: sentences.text(problem.expected) })} `}
        {problem.nearest !== undefined && t('problem.didYouMean', { nearest: problem.nearest })}
      </span>
    </button>
  )
}
