import { useTranslation } from 'react-i18next'
import type { Approval, ApprovalDecision } from '#shared/approvals.ts'
import { showToast } from '../../components/toast.tsx'
import { call, problemOf } from '../../lib/api.ts'
import { useDecideApproval, useMoveAlias } from '../../lib/queries.ts'

type Decision = ApprovalDecision['decision']
const texts = { approve: 'gate.approved', reject: 'gate.rejected', reopen: 'gate.reopened' } as const

/**
 * Answers for a person; a notice offers to take it back. An approval is taken back by what a person would do by hand: the
 * alias moves to where it was, and the endpoints roll back, or end the rollout of the version. A first champion stays: something must answer.
 */
export function useApprovalDecision(approval: Approval, before: number | undefined) {
  const { t } = useTranslation()
  const deciding = useDecideApproval()
  const moving = useMoveAlias(approval.model)
  const { id, model, version, alias, endpoints } = approval
  const onError = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })

  async function rollBack(): Promise<void> {
    const reason = t('models.undone')
    try {
      await moving.mutateAsync({ params: { name: model, alias }, body: { version: before ?? version, reason } })
      for (const name of endpoints) {
        const [last] = (await call('listRollouts', { params: { name }, query: { limit: 1 } })).items
        const isUnderWay = last?.state === 'running' && last.model === model && last.version === version
        if (isUnderWay) await call('abortRollout', { params: { name, id: last.id }, body: { reason } })
        else await call('rollBack', { params: { name }, body: { reason } })
      }
    } catch (error) {
      onError(error)
    }
  }
  function undoOf(decision: Decision): (() => void) | undefined {
    switch (decision) {
      case 'approve':
        return before === undefined ? undefined : () => void rollBack()
      case 'reject':
        return () => decide('reopen', t('models.undone'))
      case 'reopen':
        return undefined
    }
  }
  /** Promises are kept where callbacks would not be: what asks is gone as soon as the event of the decision comes. */
  function decide(decision: Decision, reason: string): void {
    deciding.mutateAsync({ params: { id }, body: { decision, reason } }).then(() => {
      showToast({ text: t(texts[decision], { version }), undo: undoOf(decision) })
    }, onError)
  }
  return { decide, deciding: deciding.isPending }
}
