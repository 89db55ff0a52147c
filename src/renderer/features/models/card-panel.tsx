import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../components/copy-button.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { saveText } from '../../lib/save-text.ts'
import styles from './models.module.css'
import { useModelCard } from './queries.ts'

/** The model card: shown as the Markdown that it is, to be copied or saved. */
export function CardPanel({ name, version }: { name: string; version: number }) {
  const { t } = useTranslation()
  const card = useModelCard(name, version)
  const markdown = card.data?.markdown
  return (
    <Panel
      title={t('models.card')}
      actions={
        markdown !== undefined && (
          <>
            <CopyButton text={markdown} />
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => saveText(`${name}-${version}.md`, 'text/markdown', markdown)}
            >
              {t('models.saveCard')}
            </Button>
          </>
        )
      }
    >
      <Loaded query={card}>
        {(loaded) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <section tabIndex={0} aria-label={t('models.card')} className={styles.card}>
            {loaded.markdown}
          </section>
        )}
      </Loaded>
    </Panel>
  )
}
