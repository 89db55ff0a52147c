import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { maxPolicies, type Policy } from '#shared/backtest.ts'
import { policyRuleText } from '#shared/backtest-policy-text.ts'
import { CrossIcon, PlusIcon } from '../../components/icons.tsx'
import styles from './backtest.module.css'
import { anotherPolicy, conditionsOf, fieldsOf, type PolicyFields, withRuleText } from './policy-form.ts'

const columns = ['name', 'every', 'newRows', 'drift', 'limit', 'combine', 'cooldown', 'budget'] as const
type FieldName = (typeof columns)[number]

interface PolicyEditorProps {
  policies: readonly Policy[]
  metric: string
  /** The least and the greatest drift and score that a replay meets, once they are known. */
  seen?: { drift: readonly [number, number] | undefined; score: readonly [number, number] | undefined }
  onChange: (policies: Policy[]) => void
}

/** One line for each policy: what asks for a retraining, and what holds it back. */
export function PolicyEditor({ policies, metric, seen, onChange }: PolicyEditorProps) {
  const { t } = useTranslation()
  const replace = (index: number, policy: Policy) =>
    onChange(policies.map((each, position) => (position === index ? policy : each)))
  return (
    <div className={styles.editor}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.scroller} tabIndex={0} aria-label={t('backtest.policies')}>
        <table className={styles.policies} aria-label={t('backtest.policies')}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(`backtest.field_${column}`, { metric })}
                </th>
              ))}
              <th scope="col">
                <span className={styles.hidden}>{t('backtest.remove')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {policies.map((policy, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a policy that is being renamed stays the same line
              <tr key={index}>
                <PolicyLine policy={policy} metric={metric} onChange={(next) => replace(index, next)} />
                <td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('backtest.removePolicy', { name: policy.name })}
                    disabled={policies.length === 1}
                    onClick={() => onChange(policies.filter((_, position) => position !== index))}
                  >
                    <CrossIcon size={14} />
                  </ActionIcon>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className={styles.line}>
        <Button
          variant="default"
          size="xs"
          leftSection={<PlusIcon size={13} />}
          disabled={policies.length >= maxPolicies}
          onClick={() => onChange([...policies, anotherPolicy(policies, policies.at(-1))])}
        >
          {t('backtest.addPolicy')}
        </Button>
        <Seen seen={seen} metric={metric} />
      </div>
    </div>
  )
}

function Seen({ seen, metric }: Pick<PolicyEditorProps, 'seen' | 'metric'>) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 4 })
  const range = (values: readonly [number, number] | undefined) =>
    values === undefined ? '–' : `${number.format(values[0])}–${number.format(values[1])}`
  if (seen === undefined) return <span className="muted">{t('backtest.emptyFields')}</span>
  return (
    <span className="muted">{t('backtest.seen', { drift: range(seen.drift), metric, score: range(seen.score) })}</span>
  )
}

interface LineProps {
  policy: Policy
  metric: string
  onChange: (policy: Policy) => void
}

function PolicyLine({ policy, metric, onChange }: LineProps) {
  const { t } = useTranslation()
  const fields = fieldsOf(policy, metric)
  const { name, budget, cooldownSpans } = policy
  const label = (field: FieldName) => `${name}: ${t(`backtest.field_${field}`, { metric })}`
  return (
    <>
      <td>
        <TextInput
          size="xs"
          aria-label={t('backtest.nameOf', { name })}
          value={name}
          error={name.trim() === ''}
          onChange={(event) => onChange({ ...policy, name: event.currentTarget.value })}
        />
      </td>
      {fields === undefined ? (
        <td colSpan={7}>
          <RuleText policy={policy} onChange={onChange} />
        </td>
      ) : (
        <>
          <ConditionFields
            fields={fields}
            label={label}
            onChange={(next) => onChange({ ...policy, anyOf: conditionsOf(next, metric) })}
          />
          <NumberCell
            label={label('cooldown')}
            value={cooldownSpans === 0 ? null : cooldownSpans}
            integer
            onChange={(value) => onChange({ ...policy, cooldownSpans: value ?? 0 })}
          />
          <NumberCell
            label={label('budget')}
            value={budget.retrainings}
            integer
            onChange={(retrainings) => onChange({ ...policy, budget: { ...budget, retrainings } })}
          />
        </>
      )}
    </>
  )
}

interface ConditionFieldsProps {
  fields: PolicyFields
  label: (field: FieldName) => string
  onChange: (fields: PolicyFields) => void
}

function ConditionFields({ fields, label, onChange }: ConditionFieldsProps) {
  const { t } = useTranslation()
  const { every, newRows, drift, limit, combine } = fields
  const asked = [every, newRows, drift, limit].filter((value) => value !== null).length
  return (
    <>
      <NumberCell
        label={label('every')}
        value={every}
        integer
        onChange={(value) => onChange({ ...fields, every: value })}
      />
      <NumberCell
        label={label('newRows')}
        value={newRows}
        integer
        onChange={(value) => onChange({ ...fields, newRows: value })}
      />
      <NumberCell label={label('drift')} value={drift} onChange={(value) => onChange({ ...fields, drift: value })} />
      <NumberCell label={label('limit')} value={limit} onChange={(value) => onChange({ ...fields, limit: value })} />
      <td>
        <Select
          size="xs"
          w={92}
          aria-label={label('combine')}
          data={[
            { value: 'any', label: t('backtest.any') },
            { value: 'all', label: t('backtest.all') },
          ]}
          value={combine}
          disabled={asked < 2}
          allowDeselect={false}
          onChange={(value) => onChange({ ...fields, combine: value === 'all' ? 'all' : 'any' })}
        />
      </td>
    </>
  )
}

interface NumberCellProps {
  label: string
  value: number | null
  integer?: boolean
  onChange: (value: number | null) => void
}

/** Empty means: not asked. */
function NumberCell({ label, value, integer = false, onChange }: NumberCellProps) {
  const { i18n } = useTranslation()
  return (
    <td>
      <NumberInput
        size="xs"
        w={84}
        aria-label={label}
        value={value ?? ''}
        min={integer ? 1 : 0}
        step={integer ? 1 : 0.01}
        allowDecimal={!integer}
        allowNegative={false}
        decimalSeparator={i18n.language === 'pt-BR' ? ',' : '.'}
        allowedDecimalSeparators={['.', ',']}
        onChange={(next) => {
          if (next === '') onChange(null)
          else if (typeof next === 'number' && (!integer || next >= 1)) onChange(next)
        }}
      />
    </td>
  )
}

/** A rule that the fields cannot say. */
function RuleText({ policy, onChange }: Pick<LineProps, 'policy' | 'onChange'>) {
  const { t } = useTranslation()
  const known = policyRuleText(policy)
  const [text, setText] = useState(known)
  const changed = withRuleText(policy, text)
  return (
    <TextInput
      size="xs"
      aria-label={t('backtest.ruleOf', { name: policy.name })}
      value={text}
      error={changed === undefined ? t('backtest.badRule') : undefined}
      onChange={(event) => {
        const next = event.currentTarget.value
        setText(next)
        const policyOfText = withRuleText(policy, next)
        if (policyOfText !== undefined) onChange(policyOfText)
      }}
    />
  )
}
