import { ActionIcon, Tooltip } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CrossIcon } from '../../../components/icons.tsx'
import { DelayedInput } from './delayed-input.tsx'
import { canShow, isExpression } from './form-model.ts'
import { ObjectFields } from './object-fields.tsx'
import { type ControlProps, type OptionFieldProps, useOptionActs } from './option-context.ts'
import styles from './options.module.css'
import { RecordFields } from './record-fields.tsx'
import { ScalarControl } from './scalar-control.tsx'
import { SnippetField } from './snippet-field.tsx'
import { UnionFields } from './union-fields.tsx'

/** One option: its name, its control, what it is for, and the way back to its default. */
export function OptionField({ field, path, value }: OptionFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const acts = useOptionActs()
  const [asExpression, setAsExpression] = useState(false)
  const expression = isExpression(value) || asExpression
  const describedBy = field.description === undefined ? undefined : `${id}-help`
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <label htmlFor={id} className={styles.label}>
          {field.name}
          {field.required && (
            <span className={styles.required}>
              <span aria-hidden="true">*</span>
              <span className={styles.unseen}>{t('pipelines.required')}</span>
            </span>
          )}
        </label>
        <ExpressionToggle
          name={field.name}
          pressed={expression}
          onToggle={() => {
            setAsExpression(!expression)
            if (isExpression(value)) acts.remove(path)
          }}
        />
        {value !== undefined && (
          <Tooltip label={t('pipelines.unset')}>
            <ActionIcon
              size={18}
              variant="subtle"
              color="gray"
              aria-label={t('pipelines.unsetOption', { name: field.name })}
              onClick={() => {
                setAsExpression(false)
                acts.remove(path)
              }}
            >
              <CrossIcon size={11} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {expression ? (
        <ExpressionField id={id} path={path} value={value} describedBy={describedBy} />
      ) : (
        <FieldControl id={id} field={field} path={path} value={value} describedBy={describedBy} />
      )}
      {field.description !== undefined && (
        <p id={describedBy} className={styles.help}>
          {field.description}
        </p>
      )}
    </div>
  )
}

interface ExpressionToggleProps {
  name: string
  pressed: boolean
  onToggle: () => void
}

function ExpressionToggle({ name, pressed, onToggle }: ExpressionToggleProps) {
  const { t } = useTranslation()
  const text = t(pressed ? 'pipelines.useValue' : 'pipelines.useExpression')
  return (
    <Tooltip label={text}>
      <ActionIcon
        size={18}
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'teal' : 'gray'}
        aria-label={t('pipelines.expressionOf', { name })}
        aria-pressed={pressed}
        onClick={onToggle}
      >
        <span className={styles.fx} aria-hidden="true">
          {'ƒx'}
        </span>
      </ActionIcon>
    </Tooltip>
  )
}

function ExpressionField({ id, path, value, describedBy }: Omit<ControlProps, 'field'>) {
  const { t } = useTranslation()
  const { parameters, set } = useOptionActs()
  const check = (text: string) => (isExpression(text) ? undefined : t('pipelines.notAnExpression'))
  return (
    <DelayedInput
      id={id}
      mono
      describedBy={describedBy}
      value={typeof value === 'string' ? value : ''}
      placeholder={'${{ params.name }}'}
      suggestions={parameters.map((name) => `\${{ params.${name} }}`)}
      check={check}
      onCommit={(text) => set(path, text)}
    />
  )
}

function FieldControl(props: ControlProps) {
  const { form } = props.field
  if (props.value !== undefined && !canShow(form, props.value)) return <SnippetField {...props} />
  switch (form.kind) {
    case 'object':
      return <ObjectFields form={form} path={props.path} value={props.value} nested />
    case 'record':
      return <RecordFields {...props} form={form} />
    case 'union':
      return <UnionFields {...props} form={form} />
    case 'snippet':
      return <SnippetField {...props} />
    default:
      return <ScalarControl {...props} form={form} />
  }
}
