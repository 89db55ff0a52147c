import { useTranslation } from 'react-i18next'
import type { EndpointBudget } from '#shared/rollout.ts'
import { Loaded } from '../../../components/loaded.tsx'
import { Panel } from '../../../components/page.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { NumberRow } from '../../settings/number-row.tsx'
import { useBudget, useChangeBudget } from './queries.ts'

/** What a version must keep to before it gets traffic. */
export function BudgetPanel({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  const budget = useBudget(endpoint)
  return (
    <Panel title={t('infrastructure.budget')} flush>
      <Loaded query={budget}>{(data) => <Budget endpoint={endpoint} budget={data} />}</Loaded>
    </Panel>
  )
}

function Budget({ endpoint, budget }: { endpoint: string; budget: EndpointBudget }) {
  const { t } = useTranslation()
  const change = useChangeBudget(endpoint)
  /** At once, and taken back by the notice. */
  function save(body: Partial<EndpointBudget>) {
    const request = (part: Partial<EndpointBudget>) => ({ params: { name: endpoint }, body: part })
    change.mutate(request(body), {
      onSuccess: () =>
        showToast({ text: t('infrastructure.budgetChanged'), undo: () => change.mutate(request(budget)) }),
      onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    })
  }
  return (
    <>
      <NumberRow
        id="endpoint-budget-latency"
        label={t('infrastructure.latency')}
        hint={t('infrastructure.latencyHint')}
        value={budget.latencyP99Ms}
        min={0.001}
        max={600_000}
        suffix=" ms"
        onSave={(latencyP99Ms) => save({ latencyP99Ms })}
      />
      <NumberRow
        id="endpoint-budget-memory"
        label={t('infrastructure.memory')}
        hint={t('infrastructure.memoryHint')}
        value={budget.memoryMb}
        min={0.001}
        max={1_000_000}
        suffix=" MB"
        onSave={(memoryMb) => save({ memoryMb })}
      />
      <NumberRow
        id="endpoint-budget-tolerance"
        label={t('infrastructure.tolerance')}
        hint={t('infrastructure.toleranceHint')}
        value={budget.tolerance}
        min={0}
        max={1}
        onSave={(tolerance) => save({ tolerance })}
      />
    </>
  )
}
