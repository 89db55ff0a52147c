import { useTranslation } from 'react-i18next'
import type { RegisteredModel } from '#shared/models.ts'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useMoveAlias } from '../../lib/queries.ts'
import { useRemoveAlias } from './queries.ts'

/** Moves and removes aliases of a model; a notice offers to take it back, which the ledger keeps too. */
export function useAliasChanges({ name, aliases }: RegisteredModel) {
  const { t } = useTranslation()
  const moving = useMoveAlias(name)
  const removing = useRemoveAlias(name)
  const onError = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })

  function putBack(alias: string) {
    const before = aliases[alias]
    const reason = t('models.undone')
    const params = { name, alias }
    if (before === undefined) removing.mutate({ params, query: { reason } }, { onError })
    else moving.mutate({ params, body: { version: before, reason } }, { onError })
  }
  return {
    moving,
    move(alias: string, version: number, reason: string, onDone: () => void) {
      // The first champion cannot be taken away again: something must answer.
      const final = alias === 'champion' && aliases[alias] === undefined
      const onSuccess = () => {
        const text = t('models.aliasMoved', { alias, version })
        showToast({ text, undo: final ? undefined : () => putBack(alias) })
        onDone()
      }
      moving.mutate({ params: { name, alias }, body: { version, reason } }, { onSuccess })
    },
    remove(alias: string) {
      const onSuccess = () => showToast({ text: t('models.aliasRemoved', { alias }), undo: () => putBack(alias) })
      removing.mutate({ params: { name, alias } }, { onSuccess, onError })
    },
  }
}
