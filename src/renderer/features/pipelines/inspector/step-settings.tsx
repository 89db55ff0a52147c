import { Checkbox, Group, MultiSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DraftStep } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import { waitsFor } from '../canvas/connection.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { DelayedInput } from '../options/delayed-input.tsx'
import { NumberSetting } from './number-setting.tsx'
import { Labelled, Section } from './section.tsx'

/** In the language of conditions, which is the same for all. */
const whenExample = 'steps.gate.values.blessed == true'

/** When the step runs, and what happens when it fails or has nothing new to do. */
export function StepSettings({ step }: { step: DraftStep }) {
  const { t } = useTranslation()
  const { edit, steps } = useEditor()
  const path = (key: string) => ['steps', step.name, key]
  const set = (key: string, value: Json | undefined) =>
    void edit(
      [value === undefined ? { kind: 'remove', path: path(key) } : { kind: 'set', path: path(key), value }],
      path(key).join('\n'),
    )
  const before = steps.map(({ name }) => name).filter((name) => !waitsFor(steps, name, step.name))
  const { retry } = step
  return (
    <Section title={t('pipelines.settings')}>
      <Labelled label={t('pipelines.needs')} help={t('pipelines.needsHint')}>
        {(id, helpId) => (
          <MultiSelect
            id={id}
            aria-describedby={helpId}
            size="xs"
            data={[...new Set([...before, ...step.needs])]}
            value={[...new Set(step.needs)]}
            onChange={(needs) => set('needs', needs.length === 0 ? undefined : needs)}
          />
        )}
      </Labelled>
      <Labelled label={t('pipelines.when')} help={t('pipelines.whenHint')}>
        {(id, helpId) => (
          <DelayedInput
            id={id}
            mono
            describedBy={helpId}
            value={step.when ?? ''}
            placeholder={whenExample}
            onCommit={(text) => set('when', text.trim() === '' ? undefined : text)}
          />
        )}
      </Labelled>
      <Group grow gap={8} align="start">
        <NumberSetting
          label={t('pipelines.retryTimes')}
          limits={{ integer: true, min: 1, max: 10 }}
          value={retry?.times}
          placeholder={t('pipelines.never')}
          onChange={(times) => set('retry', times && { ...retry, times })}
        />
        <NumberSetting
          label={t('pipelines.retryDelay')}
          limits={{ integer: false, min: 0, max: 3_600 }}
          value={retry?.delaySeconds}
          disabled={retry === null}
          onChange={(delaySeconds) =>
            retry !== null && set('retry', { times: retry.times, ...(delaySeconds !== undefined && { delaySeconds }) })
          }
        />
      </Group>
      <NumberSetting
        label={t('pipelines.timeLimit')}
        limits={{ integer: false, above: 0, max: 10_080 }}
        value={step.timeoutMinutes ?? undefined}
        placeholder={t('pipelines.noLimit')}
        onChange={(minutes) => set('timeoutMinutes', minutes)}
      />
      <Checkbox
        size="xs"
        label={t('pipelines.cacheStep')}
        description={t('pipelines.cacheStepHint')}
        checked={step.cache}
        onChange={(event) => set('cache', event.currentTarget.checked ? undefined : false)}
      />
    </Section>
  )
}
