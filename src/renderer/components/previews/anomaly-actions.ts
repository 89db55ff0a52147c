import type { AnomalyReport } from '#shared/anomalies.ts'
import type { QuarantinePlace, ReportedAnomaly } from '#shared/data.ts'

/** With what accepting does, where a report was made for people; without, as a run stores it. */
export type ShownAnomaly = AnomalyReport['anomalies'][number] &
  Partial<Pick<ReportedAnomaly, 'acceptance' | 'quarantinable'>>

/** What a person can do about anomalies. */
export interface AnomalyActions {
  readonly accept: (anomaly: ShownAnomaly) => void
  readonly quarantine: (place: QuarantinePlace) => void
  /** The one that is being accepted, and the place where a step is being added. */
  readonly accepting: ShownAnomaly | undefined
  readonly quarantining: QuarantinePlace | undefined
  /** Pipelines whose data this is. */
  readonly places: readonly QuarantinePlace[]
}
