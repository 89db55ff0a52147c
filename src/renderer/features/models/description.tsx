import { Button, Group, Stack, Textarea } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegisteredModel } from '#shared/models.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import styles from './models.module.css'
import { useDescribeModel } from './queries.ts'

const longestText = 2_000

/** What the model is for, in the words of people: shown, and edited in its place. */
export function Description({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  if (editing) return <DescriptionForm model={model} onClose={() => setEditing(false)} />
  return (
    <div className={styles.line}>
      <p className={styles.text}>
        {model.description === '' ? <span className="muted">{t('models.noDescription')}</span> : model.description}
      </p>
      <Button variant="subtle" size="compact-sm" onClick={() => setEditing(true)}>
        {t('models.editDescription')}
      </Button>
    </div>
  )
}

function DescriptionForm({ model, onClose }: { model: RegisteredModel; onClose: () => void }) {
  const { t } = useTranslation()
  const { name, description: before } = model
  const [description, setDescription] = useState(before)
  const describe = useDescribeModel(name)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const undo = () => describe.mutate({ params: { name }, body: { description: before } })
    describe.mutate(
      { params: { name }, body: { description: description.trim() } },
      {
        onSuccess: () => {
          showToast({ text: t('models.described', { model: name }), undo })
          onClose()
        },
      },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={8} maw={760}>
        <Textarea
          label={t('models.description')}
          description={t('models.descriptionHint')}
          value={description}
          maxLength={longestText}
          autosize
          minRows={2}
          data-autofocus
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {describe.error !== null && <ProblemAlert problem={problemOf(describe.error)} />}
        <Group gap={8}>
          <Button type="submit" loading={describe.isPending}>
            {t('models.save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
