import { useTranslation } from 'react-i18next'
import type { Evidence, ReplayResult, ReplayRow, Span } from '#shared/backtest.ts'
import { conditionText } from '#shared/backtest-policy-text.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { CheckIcon, SkipIcon } from '../../components/icons.tsx'
import { Panel } from '../../components/page.tsx'
import { useFormat } from '../../lib/format.ts'
import styles from './backtest.module.css'
import type { Cell } from './span-grid.tsx'

interface EvidencePanelProps {
  results: readonly ReplayResult[]
  spans: readonly Span[]
  metric: string
  selected: Cell | undefined
}

/** Why a policy did what it did at the end of a span. */
export function EvidencePanel({ results, spans, metric, selected }: EvidencePanelProps) {
  const { t } = useTranslation()
  const result = selected === undefined ? undefined : results[selected.policy]
  const row = result?.rows.find(({ span }) => span === selected?.span)
  if (result === undefined || row === undefined) {
    return (
      <Panel title={t('backtest.evidence')}>
        <EmptyNote>{t('backtest.chooseCell')}</EmptyNote>
      </Panel>
    )
  }
  const ended = spans[row.span]?.label ?? ''
  return (
    <Panel title={t('backtest.evidenceOf', { policy: result.policy.name, span: ended })}>
      <RowFacts row={row} spans={spans} metric={metric} />
      {row.evidence.length > 0 && (
        <ul className={styles.evidence}>
          {row.evidence.map((all, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lists of a policy have no other identity
            <li key={index}>
              {index > 0 && <span className="muted">{t('backtest.or')}</span>}
              {all.map((each) => (
                <EvidenceLine key={conditionText(each.condition)} evidence={each} />
              ))}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function RowFacts({ row, spans, metric }: { row: ReplayRow; spans: readonly Span[]; metric: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const label = (index: number | null) => (index === null ? '–' : (spans[index]?.label ?? ''))
  const figure = (value: number | null) => (value === null ? '–' : format.metric(value))
  return (
    <Facts>
      <Fact label={t('backtest.decided')}>{t(`backtest.decision_${row.decision}`)}</Fact>
      {row.problem !== null && <Fact label={t('backtest.problem')}>{row.problem}</Fact>}
      {row.gate !== null && (
        <Fact label={t('backtest.gate')}>
          {t('backtest.gateFigures', {
            challenger: label(row.gate.challenger),
            score: figure(row.gate.challengerScore),
            champion: figure(row.gate.championScore),
          })}
        </Fact>
      )}
      <Fact label={t('backtest.champion')}>{t('backtest.trainedThrough', { span: label(row.champion) })}</Fact>
      <Fact label={t('backtest.scoreOn', { metric, span: label(row.span + 1) })}>
        {row.score === null ? row.scoreProblem : figure(row.score)}
        {row.gain !== null && row.gain !== 0 && (
          <span className="muted"> {t('backtest.overNever', { gain: format.signed(row.gain) })}</span>
        )}
      </Fact>
      <Fact label={t('backtest.compute')}>{format.duration(row.computeSeconds * 1_000)}</Fact>
    </Facts>
  )
}

function EvidenceLine({ evidence }: { evidence: Evidence }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { condition, value, holds, note } = evidence
  return (
    <div className={styles.evidenceLine} data-holds={holds || undefined}>
      {holds ? <CheckIcon size={14} /> : <SkipIcon size={14} />}
      <code className="mono">{conditionText(condition)}</code>
      <span>{value === null ? t('backtest.notKnown') : t('backtest.wasSeen', { value: format.metric(value) })}</span>
      <span className="muted">{holds ? t('backtest.holds') : t('backtest.holdsNot')}</span>
      {note !== null && <span className="muted">{note}</span>}
    </div>
  )
}
