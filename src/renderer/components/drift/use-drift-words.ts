/** Measures, cells and reasons of drift in the language of the page. */
import { useTranslation } from 'react-i18next'
import type { DriftCell, DriftMeasurement, DriftReport } from '#shared/drift.ts'
import { useFormat } from '../../lib/format.ts'
import { measureName } from '../../lib/words/drift-measures.ts'

export function useDriftWords() {
  const { t } = useTranslation()
  const format = useFormat()

  const measure = (name: string) => measureName({ t }, name)

  const figure = (value: number | null) => (value === null ? '–' : format.metric(value))

  function limit({ limit: reached, threshold, drifts }: DriftMeasurement): string {
    return t(`drift.limits.${drifts ?? 'above'}`, { limit: format.short(reached ?? threshold) })
  }

  function cell({ kind, value = '', from = 0, to = 0 }: DriftCell): string {
    switch (kind) {
      case 'value':
        return value
      case 'range':
        return from === to ? format.short(from) : `${format.short(from)} – ${format.short(to)}`
      case 'other':
        return t('drift.otherValues')
      case 'missing':
        return t('drift.missingValues')
      case 'infinite':
        return t('drift.infiniteValues')
      default:
        return kind satisfies never
    }
  }

  /** Why the verdict is what it is, one sentence each. */
  function reasons({ results, summary, multivariate }: DriftReport): string[] {
    if (summary === undefined) return []
    const { weightedDrift, retrainAbove } = summary
    return [
      ...(weightedDrift > retrainAbove
        ? [t('drift.reason.weighted', { value: figure(weightedDrift), limit: format.short(retrainAbove) })]
        : []),
      ...results
        .filter(({ target, drifted }) => target && drifted)
        .map((result) =>
          t('drift.reason.target', {
            feature: result.feature,
            measure: measure(result.measure),
            value: figure(result.value),
            limit: figure(result.limit ?? result.threshold),
          }),
        ),
      ...(multivariate?.drifted
        ? [t('drift.reason.together', { value: figure(multivariate.auc), limit: figure(multivariate.limit) })]
        : []),
    ]
  }

  return { measure, figure, limit, cell, reasons }
}
