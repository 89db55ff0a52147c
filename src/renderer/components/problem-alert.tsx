import { useTranslation } from 'react-i18next'
import { errorCatalogue, type FileProblem, isErrorCode, type Problem } from '#shared/errors.ts'
import { problemTitlesPtBR } from '../lib/i18n/problem-titles.ts'
import { sentenceWords } from '../lib/words/sentences.ts'
import { useWords } from '../lib/words/speech.ts'
import { AlertIcon } from './icons.tsx'
import styles from './problem-alert.module.css'

/** The title of a problem in the language of the page; what it details stays in the words of the engine. */
function useProblemTitle(problem: Problem): string {
  const { i18n } = useTranslation()
  if (!isErrorCode(problem.code)) return problem.title
  const translated = i18n.language === 'pt-BR' ? problemTitlesPtBR[problem.code] : undefined
  return translated ?? errorCatalogue[problem.code].title
}

/** What happened, where, what was found, what is allowed, and what to do next. */
export function ProblemAlert({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const title = useProblemTitle(problem)
  const facts = [
    [t('problem.at'), problem.where],
    [t('problem.found'), problem.found],
    [t('problem.allowed'), problem.allowed],
    [t('problem.nearest'), problem.nearest],
    [t('problem.next'), problem.next],
  ] as const
  const known = facts.filter(([, value]) => value !== undefined)
  return (
    <div className={styles.alert} role="alert">
      <AlertIcon className={styles.icon} size={17} />
      <p className={styles.title}>{title}</p>
      <div className={styles.body}>
        <span>{problem.detail}</span>
        {known.length > 0 && (
          <dl className={styles.facts}>
            {known.map(([label, value]) => (
              <div key={label} style={{ display: 'contents' }}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {problem.problems !== undefined && <FileProblems problems={problem.problems} />}
      </div>
    </div>
  )
}

/** Each problem of a person's files, with its place. */
export function FileProblems({ problems }: { problems: readonly FileProblem[] }) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  return (
    <ul className={styles.list}>
      {problems.map((problem) => {
        const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
        return (
          <li key={`${place} ${problem.path} ${problem.message}`}>
            <span className="mono">{place}</span> {sentences.text(problem.message)}{' '}
            {problem.found !== undefined && `${t('problem.foundValue', { found: problem.found })} `}
            {problem.expected !== undefined &&
              `${t('problem.expected', { expected: sentences.text(problem.expected) })} `}
            {problem.nearest !== undefined && t('problem.didYouMean', { nearest: problem.nearest })}
          </li>
        )
      })}
    </ul>
  )
}
