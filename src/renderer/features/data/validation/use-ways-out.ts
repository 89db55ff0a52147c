import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcceptedAnomaly, QuarantinePlace, ValidationReport, ValidationSubject } from '#shared/data.ts'
import type { AnomalyActions, ShownAnomaly } from '../../../components/previews/anomaly-actions.ts'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useAcceptAnomaly, useQuarantineRows, useTakeBack } from '../queries.ts'

interface Reported {
  subject: ValidationSubject
  report: ValidationReport
  /** The dataset that it was compared with. */
  previous: string | undefined
}

/** Each way out is one click, a notice that takes it back, and what was changed to look at. */
export function useWaysOut(projectId: string, { subject, report, previous }: Reported) {
  const { t } = useTranslation()
  const acceptance = useAcceptAnomaly(projectId)
  const quarantining = useQuarantineRows(projectId)
  const takeBack = useTakeBack(projectId)
  const [accepting, setAccepting] = useState<ShownAnomaly>()
  const [place, setPlace] = useState<QuarantinePlace>()
  const [changed, setChanged] = useState<AcceptedAnomaly>()

  function undo(done: AcceptedAnomaly) {
    takeBack(done).then(
      () => {
        setChanged(undefined)
        showToast({ text: t('validation.takenBack', { file: done.file }) })
      },
      (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    )
  }
  function show(done: AcceptedAnomaly) {
    setChanged(done)
    const hash = done.commit?.hash.slice(0, 8)
    const text =
      hash === undefined
        ? t('validation.accepted', { file: done.file })
        : t('validation.acceptedCommit', { file: done.file, hash })
    showToast({ text, undo: () => undo(done) })
  }
  function accept(anomaly: ShownAnomaly) {
    const { type, column, rule } = anomaly
    const { schemaFile, environment } = report
    const key = { type, ...(column !== undefined && { column }), ...(rule !== undefined && { rule }) }
    setAccepting(anomaly)
    acceptance.mutate(
      { subject, schemaFile, environment, anomaly: key, ...(previous !== undefined && { previous }) },
      { onSuccess: show, onSettled: () => setAccepting(undefined) },
    )
  }
  function quarantine(chosen: QuarantinePlace) {
    const { pipeline, after } = chosen
    const { schemaFile, environment } = report
    setPlace(chosen)
    quarantining.mutate(
      { pipeline, after, schemaFile, environment },
      { onSuccess: show, onSettled: () => setPlace(undefined) },
    )
  }
  const actions: AnomalyActions = { accept, quarantine, accepting, quarantining: place, places: report.quarantine }
  return { actions, changed, error: acceptance.error ?? quarantining.error }
}
