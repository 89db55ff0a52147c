import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RequestDetails } from '#shared/requests.ts'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useSendLabel } from './queries.ts'
import styles from './requests.module.css'

/** Tells what turned out to be true of one answer. */
export function LabelForm({ request: { endpoint, id, row, probabilities } }: { request: RequestDetails }) {
  const { t } = useTranslation()
  const [label, setLabel] = useState('')
  const send = useSendLabel(endpoint)
  const classes = probabilities === null ? undefined : Object.keys(probabilities)
  function submit() {
    send.mutate(
      { params: { name: endpoint }, body: { id, row, label } },
      {
        onSuccess: () => showToast({ text: t('requests.labelStored') }),
        onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
      },
    )
  }
  return (
    <form
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {classes === undefined ? (
        <TextInput
          size="xs"
          label={t('requests.truth')}
          inputMode="decimal"
          value={label}
          onChange={({ currentTarget: { value } }) => setLabel(value)}
        />
      ) : (
        <Select
          label={t('requests.truth')}
          data={classes}
          value={label === '' ? null : label}
          onChange={(value) => setLabel(value ?? '')}
        />
      )}
      <Button type="submit" variant="default" disabled={label === ''} loading={send.isPending}>
        {t('requests.sendLabel')}
      </Button>
    </form>
  )
}
