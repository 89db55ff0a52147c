import { Button, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import styles from './paged-table.module.css'
import { rowOfText } from './row-windows.ts'

/** Brings a row into view by its number, counted from 1. */
export function GoToRow({ total, onRow }: { total: number; onRow: (row: number) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [text, setText] = useState('')
  const row = rowOfText(text, total)
  const wrong = text.trim() !== '' && row === undefined
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (row !== undefined) onRow(row)
  }
  return (
    <form className={styles.goTo} onSubmit={submit}>
      <TextInput
        size="xs"
        w={150}
        aria-label={t('preview.goToRow')}
        placeholder={t('preview.goToRow')}
        inputMode="numeric"
        value={text}
        error={wrong}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={row === undefined}>
        {t('preview.go')}
      </Button>
      {wrong && (
        <span className={styles.wrong} role="status">
          {t('preview.rowsTo', { last: format.integer(total) })}
        </span>
      )}
    </form>
  )
}
