import { Button, PasswordInput } from '@mantine/core'
import { type SubmitEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../components/code-block.tsx'
import { EsteiraMark } from '../components/icons.tsx'
import { keepToken } from '../lib/token.ts'
import styles from './token-page.module.css'

interface TokenPageProps {
  /** True where there was a token and the engine refused it. */
  refused: boolean
  onToken: () => void
}

/** A browser without a valid token: how to get one. */
export function TokenPage({ refused, onToken }: TokenPageProps) {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const title = refused ? t('token.wrongTitle') : t('token.noTokenTitle')
  useEffect(() => {
    document.title = `${title} · Esteira`
  }, [title])

  function submit(event: SubmitEvent) {
    event.preventDefault()
    keepToken(token.trim())
    onToken()
  }
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <EsteiraMark size={40} />
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.text}>{refused ? t('token.wrongText') : t('token.noTokenText')}</p>
        <CodeBlock code="npx esteira open" label={title} />
        <form className={styles.form} onSubmit={submit}>
          <PasswordInput
            style={{ flex: 1 }}
            label={t('token.paste')}
            description={t('token.pasteHint')}
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" disabled={token.trim() === ''}>
            {t('token.use')}
          </Button>
        </form>
      </div>
    </main>
  )
}
