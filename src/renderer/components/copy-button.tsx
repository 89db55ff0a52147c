import { Button, CopyButton as Copy } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CheckIcon, CopyIcon } from './icons.tsx'

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, className }: { text: string; className?: string | undefined }) {
  const { t } = useTranslation()
  return (
    <Copy value={text}>
      {({ copied, copy }) => (
        <Button
          {...(className !== undefined && { className })}
          variant="default"
          size="compact-xs"
          leftSection={copied ? <CheckIcon size={13} /> : <CopyIcon size={13} />}
          onClick={copy}
        >
          {copied ? t('common.copied') : t('common.copy')}
        </Button>
      )}
    </Copy>
  )
}
