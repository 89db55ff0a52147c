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
          case 'pattern':
            return t('schema.rule.pattern', { pattern: rule.pattern })
          case 'unique-share-from':
            return t('schema.rule.uniqueShareFrom', { share: format.share(rule.share) })
          case 'unique-share-to':
            return t('schema.rule.uniqueShareTo', { share: format.share(rule.share) })
          case 'never-repeats':
            return t('schema.rule.neverRepeats')
          case 'no-drift':
            return t('schema.rule.noDrift')
          case 'no-skew':
            return t('schema.rule.noSkew')
          case 'drift':
          case 'skew':
            return t(`schema.rule.${rule.kind}`, { threshold: bound(rule.threshold) })
          case 'checks':
            return t('schema.ruleChecks', { count: rule.count })
          default:
            return t(`schema.rule.${rule.kind}`)
        }
      })
      return texts.join(' · ')
    },
    [t, format],
  )
}
