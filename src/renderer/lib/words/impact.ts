/** Why something would be stale, in the language of the page. Pure. */
import type { Approximation, StaleReason } from '#shared/lineage.ts'
import type { Speech } from './speech.ts'

export function impactWords({ t }: Speech) {
  function reason(why: StaleReason): string {
    switch (why.kind) {
      case 'is-the-view':
      case 'is-its-file':
      case 'is-input':
      case 'is-target':
      case 'learned-computed':
        return t(`stale.${why.kind}`)
      case 'file-read':
      case 'options-name-file':
      case 'step-reads-dataset':
      case 'step-reads-computed':
      case 'step-reads-all':
        return t(`stale.${why.kind}`, { step: why.step })
      case 'sql-reads':
      case 'sql-takes-all':
        return t(`stale.${why.kind}`, { dataset: why.dataset })
      case 'sql-mentions':
        return t('stale.sql-mentions', why)
      case 'step-reads-view':
        return t('stale.step-reads-view', why)
      case 'run-took-view':
        return t('stale.run-took-view', why)
      case 'option-names-column':
        return t('stale.option-names-column', why)
      case 'made-from':
        return t('stale.made-from', why)
      case 'answers':
        return t('stale.answers', why)
      default:
        return why satisfies never
    }
  }

  function leansOn(approximation: Approximation): string {
    if (approximation.kind === 'computed-columns') return t('approximation.computed-columns', approximation)
    return t(`approximation.${approximation.kind}`)
  }

  return { reason, leansOn }
}
