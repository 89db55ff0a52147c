import { useTranslation } from 'react-i18next'
import type { FeatureColumn, FeatureData } from '#shared/features.ts'
import type { Json } from '#shared/runs.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Panel } from '../../components/page.tsx'
import { createCellText, isNumeric } from '../../components/previews/cell-text.ts'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { LongRead } from '../../components/previews/long-read.tsx'
import { StatisticsView } from '../../components/previews/statistics-view.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import styles from './features.module.css'
import { Freshness } from './freshness.tsx'
import { featureKeys, useFeatureData } from './queries.ts'

interface FeatureDataPanelsProps {
  projectId: string
  name: string
}

/** What the SQL of the view gives now: whether it matches, how fresh it is, and what the features look like. */
export function FeatureDataPanels({ projectId, name }: FeatureDataPanelsProps) {
  const { t } = useTranslation()
  const query = useFeatureData(projectId, name)
  return (
    <LongRead query={query} queryKey={featureKeys.data(projectId, name)} what={t('features.checking')}>
      {(data) => (
        <>
          <CheckPanel data={data} />
          {data.statistics.length > 0 && data.check.rows > 0 && (
            <Panel title={t('features.statistics')} flush>
              <div className={styles.statistics}>
                <StatisticsView statistics={{ rows: data.check.rows, columns: data.statistics }} />
              </div>
            </Panel>
          )}
          {data.check.sample.length > 0 && (
            <Panel title={t('features.sample')} flush>
              <Sample columns={data.check.columns} rows={data.check.sample} />
            </Panel>
          )}
        </>
      )}
    </LongRead>
  )
}

function CheckPanel({ data: { check, freshness } }: { data: FeatureData }) {
  const { t } = useTranslation()
  const format = useFormat()
  const figures = useDataFormat()
  const good = check.problems.length === 0
  const { oldestEventAt: oldest, newestEventAt: newest } = check
  return (
    <Panel
      title={t('features.data')}
      actions={
        <StatusMark
          status={good ? 'ready' : 'failed'}
          text={good ? t('features.matches') : t('features.doesNotMatch')}
        />
      }
    >
      <div className={styles.stack}>
        {!good && <FileProblems problems={check.problems} />}
        {(good || check.rows > 0) && (
          <Facts>
            <Fact label={t('features.freshness')}>
              <Freshness freshness={freshness} />
            </Fact>
            <Fact label={t('features.rows')}>{format.integer(check.rows)}</Fact>
            <Fact label={t('features.entities')}>{format.integer(check.entities)}</Fact>
            <Fact label={t('features.span')}>
              {oldest === null || newest === null
                ? t('features.noRows')
                : t('features.spanFromTo', {
                    from: figures.figure(oldest, 'timestamp'),
                    to: figures.figure(newest, 'timestamp'),
                  })}
            </Fact>
            <Fact label={t('features.datasets')}>{check.datasets.join(', ')}</Fact>
          </Facts>
        )}
        {check.warnings.length > 0 && (
          <ul className={styles.users} aria-label={t('features.warnings')}>
            {check.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  )
}

function Sample({ columns, rows }: { columns: readonly FeatureColumn[]; rows: readonly (readonly Json[])[] }) {
  const { t, i18n } = useTranslation()
  const cellText = createCellText(i18n.language)
  return (
    <div className={styles.sample}>
      <Table
        label={t('features.sample')}
        columns={columns.map(({ name, type }, index) => ({
          key: name,
          label: name,
          numeric: isNumeric(type),
          cell: ({ row }: { row: readonly Json[] }) => cellText(row[index], type).text,
        }))}
        rows={rows.map((row, index) => ({ row, key: String(index) }))}
        rowKey={({ key }) => key}
      />
    </div>
  )
}
