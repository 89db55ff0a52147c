import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProposalKey, SchemaProposal, SchemaProposals } from '#shared/data.ts'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useSchemaProposals } from '../queries.ts'
import styles from './schema.module.css'
import type { SchemaWork } from './use-schema-draft.ts'

interface ProposalsPanelProps {
  projectId: string
  dataset: string
  file: string
  work: SchemaWork
}

/**
 * What the data would add to the schema under work. Each addition is an edit of the text like any other: it can be taken
 * back, and is in the file once that is saved.
 */
export function ProposalsPanel({ projectId, dataset, file, work }: ProposalsPanelProps) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const [limits, setLimits] = useState(false)
  const { text, question } = work.state
  // While an edit is under way, the text is about to change.
  const proposals = useSchemaProposals(projectId, dataset, { file, text, limits }, asked && question === undefined)
  function accept(...accepted: SchemaProposal[]) {
    work.edit(...accepted.flatMap(({ edits }) => edits))
  }
  return (
    <section className={styles.proposals} aria-label={t('schema.proposals')}>
      <div className={styles.fields}>
        <Button
          size="compact-sm"
          variant="default"
          loading={proposals.isFetching && proposals.data === undefined}
          aria-expanded={asked}
          onClick={() => setAsked(!asked)}
        >
          {t('schema.propose')}
        </Button>
        {asked && (
          <Checkbox
            size="xs"
            label={t('schema.limits')}
            checked={limits}
            onChange={(event) => setLimits(event.currentTarget.checked)}
          />
        )}
      </div>
      {asked && proposals.error !== null && <ProblemAlert problem={problemOf(proposals.error)} />}
      {asked && proposals.data !== undefined && <Proposed found={proposals.data} accept={accept} />}
    </section>
  )
}

/** What an addition does, in words of the person's language; the lines show the rest. */
function useWords(): (proposal: SchemaProposal) => string {
  const { t } = useTranslation()
  return ({ key, column = '' }) => t(`schema.additions.${textKeys[key]}`, { column })
}

const textKeys = {
  rows: 'rows',
  type: 'type',
  presence: 'presence',
  'domain.values': 'values',
  'domain.pattern': 'pattern',
  'domain.min': 'min',
  'domain.max': 'max',
  'domain.allowNan': 'allowNan',
  'domain.allowInfinite': 'allowInfinite',
  unique: 'unique',
  notIn: 'notIn',
  drift: 'drift',
  skew: 'skew',
} as const satisfies Record<ProposalKey, string>

interface ProposedProps {
  found: SchemaProposals
  accept: (...accepted: SchemaProposal[]) => void
}

function Proposed({ found: { proposals, kept }, accept }: ProposedProps) {
  const { t } = useTranslation()
  const wordsOf = useWords()
  return (
    <>
      {proposals.length === 0 && <p className={styles.note}>{t('schema.nothingToAdd')}</p>}
      {proposals.length > 0 && (
        <ul className={styles.additions}>
          {proposals.map((proposal) => (
            <li key={`${proposal.column ?? ''} ${proposal.key}`}>
              <span className={styles.addition}>
                <span>{wordsOf(proposal)}</span>
                <code className={styles.lines}>{proposal.lines}</code>
              </span>
              <Button
                size="compact-xs"
                variant="light"
                aria-label={t('schema.addThis', { words: wordsOf(proposal) })}
                onClick={() => accept(proposal)}
              >
                {t('schema.add')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {proposals.length > 1 && (
        <Button className={styles.addAll} size="compact-sm" variant="default" onClick={() => accept(...proposals)}>
          {t('schema.addAll', { count: proposals.length })}
        </Button>
      )}
      {kept.length > 0 && (
        <div className={styles.kept}>
          <span>{t('schema.kept')}</span>
          <ul>
            {kept.map(({ column, words }) => (
              <li key={column}>{words}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
