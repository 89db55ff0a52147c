import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './long-text.module.css'

/** Longer texts take about four lines. */
const longLength = 220

/** A text of any length, of which a long one shows its first lines until a person wants all. */
export function LongText({ text }: { text: string }) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  if (text.length <= longLength) return text
  return (
    <>
      <span className={whole ? undefined : styles.cut}>{text}</span>
      <UnstyledButton className={styles.more} onClick={() => setWhole(!whole)}>
        {t(whole ? 'common.showLess' : 'common.showMore')}
      </UnstyledButton>
    </>
  )
}
