/** Why a column is left out, in the language of the page. Pure. */
import type { ColumnReason, Leak } from '#shared/column-reasons.ts'
import type { Speech } from './speech.ts'

export function columnWords({ t, format }: Speech) {
  function reason(why: ColumnReason): string {
    switch (why.kind) {
      case 'unusable-type':
        return t('columnReason.unusable-type', { type: why.type })
      case 'leak':
      case 'possible-leak':
        return t(`columnReason.${why.kind}`, { leak: leak(why.leak) })
      default:
        return t(`columnReason.${why.kind}`)
    }
  }

  function leak(found: Leak): string {
    switch (found.kind) {
      case 'correlation':
      case 'rank-correlation':
      case 'ranking':
        return t(`columnLeak.${found.kind}`, { value: format.exact(Number(found.value.toFixed(5))) })
      default:
        return t(`columnLeak.${found.kind}`)
    }
  }

  return { reason }
}
