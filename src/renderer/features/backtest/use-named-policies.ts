import { useTranslation } from 'react-i18next'
import { type Policy, usualPolicyNames } from '#shared/backtest.ts'

const usual = [
  'never',
  'everySpan',
  'onDrift',
  'onPerformance',
  'either',
  'ofFile',
] as const satisfies (keyof typeof usualPolicyNames)[]

/** The policies that are offered, called what a person who reads this language would call them. */
export function useNamedPolicies(policies: readonly Policy[]): Policy[] {
  const { t } = useTranslation()
  return policies.map((policy) => {
    const known = usual.find((key) => usualPolicyNames[key] === policy.name)
    return known === undefined ? policy : { ...policy, name: t(`backtest.usual.${known}`) }
  })
}
