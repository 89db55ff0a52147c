import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { SchemaColumn } from '#shared/schema.ts'
import { useDataFormat } from '../../../components/previews/data-format.ts'
import { rulesOf } from './schema-edits.ts'

/** What a column must be, on one line. */
export function useRuleText(): (column: SchemaColumn) => string {
  const { t } = useTranslation()
  const format = useDataFormat()
  return useCallback(
    (column) => {
      const bound = (value: string | number) => (typeof value === 'number' ? format.figure(value, 'number') : value)
      const texts = rulesOf(column).map((rule) => {
        switch (rule.kind) {
          case 'present':
            return t('schema.rule.present', { share: format.share(rule.share) })
          case 'values':
            return t('schema.ruleValues', { count: rule.count })
          case 'from':
            return t('schema.rule.from', { bound: bound(rule.bound) })
          case 'to':
            return t('schema.rule.to', { bound: bound(rule.bound) })
          case 'range':
            return t('schema.rule.range', { from: bound(rule.from), to: bound(rule.to) })
          case 'unique-from':
            return t('schema.rule.uniqueFrom', { count: rule.count })
          case 'unique-to':
            return t('schema.rule.uniqueTo', { count: rule.count })
          case 'not-in':
            return t('schema.rule.notIn', { environments: rule.environments })
          case 'drift':
            return t('schema.rule.drift', { threshold: bound(rule.threshold) })
          default:
            return t(`schema.rule.${rule.kind}`)
        }
      })
      return texts.join(' · ')
    },
    [t, format],
  )
}
