import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json } from '#shared/runs.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { DelayedInput } from '../options/delayed-input.tsx'
import { topLevelNumber } from '../options/option-edits.ts'
import styles from './inspector.module.css'
import { NumberSetting } from './number-setting.tsx'
import { ParameterSettings } from './parameter-settings.tsx'
import { Labelled, Section } from './section.tsx'

const largestSeed = 2 ** 31 - 1

/** What holds for the pipeline as a whole. */
export function PipelineSettings() {
  const { t } = useTranslation()
  const { draft, edit, name, text, file } = useEditor()
  const set = (key: string, value: Json | undefined) =>
    void edit([value === undefined ? { kind: 'remove', path: [key] } : { kind: 'set', path: [key], value }], key)
  return (
    <>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{name}</h2>
          <span className={styles.component}>{file.path}</span>
        </div>
      </header>
      <div className={styles.body}>
        <p className={styles.summary}>{t('pipelines.selectHint')}</p>
        <Labelled label={t('pipelines.description')}>
          {(id) => (
            <DelayedInput
              id={id}
              lines
              value={draft?.description ?? ''}
              onCommit={(value) => set('description', value.trim() === '' ? undefined : value)}
            />
          )}
        </Labelled>
        <ParameterSettings parameters={draft?.parameters ?? {}} />
        <Section title={t('pipelines.settings')}>
          <Group grow gap={8} align="start">
            <NumberSetting
              label={t('pipelines.seed')}
              help={t('pipelines.seedHint')}
              limits={{ integer: true, min: 0, max: largestSeed }}
              value={topLevelNumber(text, 'seed')}
              placeholder="0"
              onChange={(value) => set('seed', value)}
            />
            <NumberSetting
              label={t('pipelines.concurrency')}
              help={t('pipelines.concurrencyHint')}
              limits={{ integer: true, min: 1, max: 64 }}
              value={topLevelNumber(text, 'concurrency')}
              onChange={(value) => set('concurrency', value)}
            />
          </Group>
        </Section>
      </div>
    </>
  )
}
