import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useRollBack } from './queries.ts'

/** Makes an earlier revision answer again; the notice offers to go forward again, which is one more revision. */
export function useRollBackWithUndo({ name, revision }: Endpoint) {
  const { t } = useTranslation()
  const rollBack = useRollBack(name)
  const onError = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })
  const before = revision?.number

  function forward() {
    if (before === undefined) return
    const body = { revision: before, reason: t('endpoints.undone') }
    rollBack.mutate({ params: { name }, body }, { onError })
  }
  return {
    isPending: rollBack.isPending,
    /** @param number of the revision; left out, what answered before: a candidate that was taken back never did. */
    to(number?: number) {
      const onSuccess = ({ revision: made }: Endpoint) => {
        const text = t('endpoints.rolledBack', { revision: made?.number ?? '', version: made?.version ?? '' })
        showToast({ text, undo: forward })
      }
      rollBack.mutate({ params: { name }, body: { revision: number } }, { onSuccess, onError })
    },
  }
}
