import { Button, Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '#shared/errors.ts'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import styles from './start.module.css'
import { startAddress } from './start-address.ts'
import { uploadFile } from './upload.ts'
import { setWaitingFile } from './waiting-file.ts'

/** Brings a file from the browser to the engine, and then goes on with its path. */
export function Upload({ file }: { file: File }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const format = useFormat()
  const [fraction, setFraction] = useState(0)
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    const abort = new AbortController()
    uploadFile(file, { signal: abort.signal, onProgress: setFraction })
      .then((path) => {
        navigate(startAddress(path, false), { replace: true })
        setWaitingFile(undefined)
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setProblem(problemOf(error))
      })
    return () => abort.abort()
  }, [file, navigate])

  function cancel() {
    setWaitingFile(undefined)
    navigate('/start', { replace: true })
  }
  return (
    <Panel title={t('start.uploading', { name: file.name })}>
      <div className={styles.upload}>
        <Progress value={fraction * 100} aria-label={t('start.uploading', { name: file.name })} style={{ flex: 1 }} />
        <span className="numeric">{format.percent(fraction)}</span>
        <Button variant="default" size="compact-sm" onClick={cancel}>
          {t('common.cancel')}
        </Button>
      </div>
      {problem !== undefined && <ProblemAlert problem={problem} />}
    </Panel>
  )
}
