import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Run } from '#shared/runs.ts'
import { Chart } from '../../../components/chart.tsx'
import { useFormat } from '../../../lib/format.ts'
import { shortRunId } from '../run-id.ts'
import { curvesOption, curvesTable, parallelOption, parallelTable } from './charts.ts'
import styles from './compare.module.css'
import type { CurveGroup, Parallel } from './comparison.ts'

const parallelHeightPx = 300

function useNames(runs: readonly Run[]) {
  return useMemo(() => {
    const names = new Map(runs.map((run) => [run.id, `${run.pipeline} ${shortRunId(run.id)}`]))
    return { runIds: [...names.keys()], name: (id: string) => names.get(id) ?? id }
  }, [runs])
}

export function CurvesChart({ group, runs }: { group: CurveGroup; runs: readonly Run[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const names = useNames(runs)
  const label = t('run.curveOf', { name: group.name, step: group.step })
  const request = useMemo(
    () => ({ group, ...names, xName: t('run.point'), write: format.metric }),
    [group, names, t, format],
  )
  const option = useMemo(() => curvesOption(request), [request])
  return (
    <div className={styles.chart}>
      <Chart title={label} label={label} option={option} table={curvesTable(request)} />
    </div>
  )
}

export function ParallelChart({ parallel, runs }: { parallel: Parallel; runs: readonly Run[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { runIds, name } = useNames(runs)
  const option = useMemo(() => parallelOption(parallel, runIds, name, format.metric), [parallel, runIds, name, format])
  return (
    <div className={styles.chart}>
      <Chart
        title={t('compare.parallel')}
        label={t('compare.parallelLabel')}
        option={option}
        table={parallelTable(parallel, runIds, name, t('common.run'), format.metric)}
        heightPx={parallelHeightPx}
      />
    </div>
  )
}
