import { Button, FileButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '#shared/errors.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { call, problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { uploadFile } from '../start/upload.ts'

/** What the engine reads as a table. */
const accepted = '.csv,.tsv,.txt,.parquet,.json,.jsonl,.ndjson,.sqlite,.db'

/** Predicts all rows of a file: goes on to the run, whose output is a Parquet file. */
export function usePredictFile(model: string, version: number) {
  const { t } = useTranslation()
  const format = useFormat()
  const [, navigate] = useLocation()
  const [fraction, setFraction] = useState<number>()
  const [problem, setProblem] = useState<Problem>()

  async function predict(file: File | null) {
    if (file === null) return
    setProblem(undefined)
    setFraction(0)
    try {
      const path = await uploadFile(file, { signal: new AbortController().signal, onProgress: setFraction })
      const source = { kind: 'upload', path } as const
      const body = { model: `${model}/${version}`, source, startedBy: 'ui' } as const
      const run = await call('startBatchPrediction', { body })
      navigate(`/runs/${run.id}`)
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setFraction(undefined)
    }
  }
  const label =
    fraction === undefined ? t('models.predictFile') : t('models.sendingFile', { share: format.percent(fraction) })
  const button = (
    <FileButton accept={accepted} onChange={(file) => void predict(file)}>
      {(props) => (
        <Button {...props} variant="default" disabled={fraction !== undefined}>
          {label}
        </Button>
      )}
    </FileButton>
  )
  return { button, alert: problem === undefined ? null : <ProblemAlert problem={problem} /> }
}
