import { Button, TextInput } from '@mantine/core'
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { FileIcon, FolderIcon, SampleIcon } from '../../components/icons.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { desktop } from '../../lib/desktop.ts'
import { useAddSample } from '../../lib/queries.ts'
import styles from './start.module.css'
import { startAddress } from './start-address.ts'
import { setWaitingFile } from './waiting-file.ts'

/** Three ways to begin, each with what it needs. */
export function StartChoices() {
  return (
    <div className={styles.choices}>
      <FileChoice />
      <SampleChoice />
      <FolderChoice />
    </div>
  )
}

interface ChoiceProps {
  icon: ReactNode
  title: string
  text: string
  children: ReactNode
}

function Choice({ icon, title, text, children }: ChoiceProps) {
  return (
    <section className={styles.choice} aria-label={title}>
      {icon}
      <h2 className={styles.choiceTitle}>{title}</h2>
      <p className={styles.choiceText}>{text}</p>
      {children}
    </section>
  )
}

function FileChoice() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [path, setPath] = useState('')

  function submit(event: SubmitEvent) {
    event.preventDefault()
    navigate(startAddress(path.trim(), false))
  }
  async function browse() {
    const picked = await desktop?.pickFile({ title: t('start.pickFileTitle') })
    if (picked) navigate(startAddress(picked, false))
  }
  return (
    <Choice icon={<FileIcon size={26} />} title={t('start.fromFile')} text={t('start.fromFileText')}>
      {desktop === undefined ? (
        <label className={styles.pick}>
          <span className={styles.pickButton}>{t('start.chooseFile')}</span>
          <input
            type="file"
            accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.gz"
            onChange={(event) => setWaitingFile(event.currentTarget.files?.[0])}
          />
        </label>
      ) : (
        <Button onClick={browse}>{t('start.chooseFile')}</Button>
      )}
      <form onSubmit={submit} className={styles.path}>
        <TextInput
          style={{ flex: 1 }}
          label={t('start.orPath')}
          autoComplete="off"
          spellCheck={false}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={path.trim() === ''}>
          {t('start.look')}
        </Button>
      </form>
    </Choice>
  )
}

function SampleChoice() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const add = useAddSample()
  return (
    <Choice icon={<SampleIcon size={26} />} title={t('projects.openSample')} text={t('start.sampleText')}>
      <Button
        variant="default"
        loading={add.isPending}
        onClick={() => add.mutate({ body: {} }, { onSuccess: () => navigate('/') })}
      >
        {t('projects.openSample')}
      </Button>
      {add.error !== null && <ProblemAlert problem={problemOf(add.error)} />}
    </Choice>
  )
}

function FolderChoice() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  async function browse() {
    const picked = await desktop?.pickFolder({ title: t('projects.pickFolderTitle') })
    if (picked) navigate(startAddress(picked, true))
  }
  return (
    <Choice icon={<FolderIcon size={26} />} title={t('projects.openFolder')} text={t('start.folderText')}>
      <Button variant="default" onClick={desktop === undefined ? () => navigate('/start?folder=') : browse}>
        {t('projects.openFolder')}
      </Button>
    </Choice>
  )
}
