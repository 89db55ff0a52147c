import { Button, CopyButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './code-block.module.css'
import { CheckIcon, CopyIcon } from './icons.tsx'

/** Text to copy, such as a command. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const { t } = useTranslation()
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.code} aria-label={label} tabIndex={0}>
        <code>{code}</code>
      </section>
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Button
            className={styles.copy}
            variant="default"
            size="compact-xs"
            leftSection={copied ? <CheckIcon size={13} /> : <CopyIcon size={13} />}
            onClick={copy}
          >
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
