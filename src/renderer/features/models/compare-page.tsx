import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ModelVersionDetails } from '#shared/models.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { differingRows, optionTexts, originTexts, parseVersions, sameRows, signatureTexts } from './compare.ts'
import { CompareMetrics } from './compare-metrics.tsx'
import { CompareSlices } from './compare-slices.tsx'
import { Calibration, PrecisionRecall, Roc } from './curves.tsx'
import { DifferencesTable } from './differences-table.tsx'
import styles from './models.module.css'
import { useVersionsDetails } from './queries.ts'

/** Two or more versions side by side; the first one named is what the others are compared with. */
export default function CompareVersionsPage({ name }: { name: string }) {
  const { t } = useTranslation()
  const [text] = useSearchParam('versions')
  const versions = parseVersions(text)
  const details = useVersionsDetails(name, versions)
  const modelHref = `/models/${encodeURIComponent(name)}`
  return (
    <Page
      title={t('models.compareTitle', { versions: versions.join(', ') })}
      crumbs={[
        { label: t('models.title'), href: '/models' },
        { label: name, href: modelHref },
      ]}
    >
      {versions.length < 2 ? (
        <p className={styles.text}>
          {t('models.compareTooFew')} <Link href={modelHref}>{name}</Link>
        </p>
      ) : (
        <Loaded query={details}>{(list) => <Comparison versions={list} />}</Loaded>
      )}
    </Page>
  )
}

function Comparison({ versions }: { versions: readonly ModelVersionDetails[] }) {
  const { t } = useTranslation()
  return (
    <div className={styles.stack}>
      <Panel title={t('common.metrics')} flush>
        <CompareMetrics versions={versions} />
        {!sameRows(versions) && <p className={styles.note}>{t('models.ownRows')}</p>}
      </Panel>
      <Curves versions={versions} />
      <CompareSlices versions={versions} />
      <Panel title={t('models.originDifferences')} flush>
        <DifferencesTable
          label={t('models.originDifferences')}
          versions={versions}
          rows={differingRows(versions.map(originTexts))}
        />
      </Panel>
      <div className={styles.columns}>
        <Panel title={t('models.optionDifferences')} flush>
          <DifferencesTable
            label={t('models.optionDifferences')}
            versions={versions}
            rows={differingRows(versions.map(({ lineage }) => optionTexts(lineage)))}
          />
        </Panel>
        <Panel title={t('models.signatureDifferences')} flush>
          <DifferencesTable
            label={t('models.signatureDifferences')}
            versions={versions}
            rows={differingRows(versions.map(({ manifest }) => signatureTexts(manifest.signature)))}
          />
        </Panel>
      </div>
    </div>
  )
}

/** Laid over each other. Versions without an evaluation have none. */
function Curves({ versions }: { versions: readonly ModelVersionDetails[] }) {
  const { t } = useTranslation()
  const evaluations = versions.flatMap(({ version, evaluation }) =>
    evaluation === null ? [] : [{ name: t('models.versionName', { version }), evaluation: evaluation.content }],
  )
  const has = (kind: 'roc' | 'precisionRecall' | 'calibration') =>
    evaluations.some(({ evaluation }) => evaluation[kind] !== undefined)
  if (!has('roc') && !has('calibration')) {
    return evaluations.length > 0 ? null : <EmptyNote>{t('models.noEvaluation')}</EmptyNote>
  }
  return (
    <Panel title={t('models.curves')}>
      <div className={styles.charts}>
        {has('roc') && <Roc evaluations={evaluations} />}
        {has('precisionRecall') && <PrecisionRecall evaluations={evaluations} />}
        {has('calibration') && <Calibration evaluations={evaluations} />}
      </div>
    </Panel>
  )
}
