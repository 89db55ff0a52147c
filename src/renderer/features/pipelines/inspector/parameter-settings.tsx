import { ActionIcon, Button, Group, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PipelineEdit } from '#shared/pipelines.ts'
import type { Json, Parameters } from '#shared/runs.ts'
import { CrossIcon, PlusIcon } from '../../../components/icons.tsx'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { DelayedInput } from '../options/delayed-input.tsx'
import { renameParameter, valueOfText } from '../options/option-edits.ts'
import { parameterKind, parameterText, parseParameter } from '../parameter-value.ts'
import styles from './inspector.module.css'
import { Section } from './section.tsx'

const namePattern = /^[\p{L}_][\p{L}\p{N}_-]*$/u

/** The parameters of the pipeline with their defaults. */
export function ParameterSettings({ parameters }: { parameters: Parameters }) {
  const { t } = useTranslation()
  const { edit } = useEditor()
  const [adding, setAdding] = useState(false)
  const entries = Object.entries(parameters)
  const freeName = freeParameterName(Object.keys(parameters))
  return (
    <Section title={t('pipelines.parameters')}>
      {entries.length === 0 && <p className={styles.help}>{t('pipelines.parametersHint')}</p>}
      {entries.map(([name, value]) => (
        <ParameterRow key={name} name={name} value={value} others={entries.map(([other]) => other)} />
      ))}
      <Group>
        <Button
          size="compact-xs"
          variant="default"
          loading={adding}
          leftSection={<PlusIcon size={12} />}
          onClick={() => {
            setAdding(true)
            void edit([{ kind: 'set', path: ['parameters', freeName], value: '' }]).finally(() => setAdding(false))
          }}
        >
          {t('pipelines.addParameter')}
        </Button>
      </Group>
    </Section>
  )
}

function freeParameterName(known: readonly string[]): string {
  let number = known.length + 1
  while (known.includes(`parameter${number}`)) number++
  return `parameter${number}`
}

function ParameterRow({ name, value, others }: { name: string; value: Json; others: readonly string[] }) {
  const { t } = useTranslation()
  const { edit, steps, draft } = useEditor()
  const kind = parameterKind(value)
  const left = Object.keys(draft?.parameters ?? {}).length - 1
  const checkName = (text: string) => {
    if (!namePattern.test(text)) return t('pipelines.parameterNameForm')
    return text !== name && others.includes(text) ? t('pipelines.nameTaken') : undefined
  }
  const checkValue = (text: string) =>
    kind === 'json' && 'problem' in parseParameter('json', text) ? t('pipelines.notJson') : undefined
  const edits = (text: string): PipelineEdit[] => {
    const parsed = kind === 'json' ? parseParameter('json', text) : { value: valueOfText(text) }
    return 'value' in parsed ? [{ kind: 'set', path: ['parameters', name], value: parsed.value }] : []
  }
  return (
    <div className={styles.parameter}>
      <DelayedInput
        label={t('pipelines.parameterName', { name })}
        mono
        onLeaveOnly
        value={name}
        check={checkName}
        onCommit={(text) => void edit(renameParameter(steps, name, text))}
      />
      <DelayedInput
        label={t('pipelines.parameterDefault', { name })}
        value={parameterText(value)}
        placeholder={t('pipelines.emptyValue')}
        check={checkValue}
        onCommit={(text) => void edit(edits(text), `parameter ${name}`)}
      />
      <Tooltip label={t('pipelines.removeParameter')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('pipelines.removeParameterNamed', { name })}
          onClick={() => void edit([{ kind: 'remove', path: left === 0 ? ['parameters'] : ['parameters', name] }])}
        >
          <CrossIcon size={13} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
