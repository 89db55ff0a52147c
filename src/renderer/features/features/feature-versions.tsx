import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FeatureViewDetails, FeatureViewVersion } from '#shared/features.ts'
import { CodeDiff } from '../../components/code-editor.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Pill } from '../../components/pill.tsx'
import { Moment } from '../../components/time.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import styles from './features.module.css'
import { RollBackBar } from './roll-back-bar.tsx'

interface FeatureVersionsProps {
  view: Pick<FeatureViewDetails, 'projectId' | 'name' | 'file'>
  versions: readonly FeatureViewVersion[]
}

/** The definitions that the view had, the newest first, and what changed with each. */
export function FeatureVersions({ view, versions }: FeatureVersionsProps) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useSearchParam('version')
  const index = Math.max(
    versions.findIndex(({ version }) => version === wanted),
    0,
  )
  const chosen = versions[index]
  const before = versions[index + 1]
  if (chosen === undefined) return null
  return (
    <div className={styles.versions} data-alone={versions.length === 1 || undefined}>
      <ol className={styles.list} aria-label={t('features.versions')}>
        {versions.map((one) => (
          <li key={one.version}>
            <Entry version={one} chosen={one === chosen} onChoose={() => setWanted(one.version)} />
          </li>
        ))}
      </ol>
      <section className={styles.diff} aria-label={t('features.whatChanged')}>
        {!chosen.current && <RollBackBar key={chosen.version} view={view} version={chosen.version} />}
        {before === undefined ? (
          <EmptyNote>{t('features.first')}</EmptyNote>
        ) : (
          <div className={styles.diffText}>
            <CodeDiff label={t('features.whatChanged')} language="yaml" before={before.text} after={chosen.text} />
          </div>
        )}
      </section>
    </div>
  )
}

interface EntryProps {
  version: FeatureViewVersion
  chosen: boolean
  onChoose: () => void
}

function Entry({ version, chosen, onChoose }: EntryProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.version} data-chosen={chosen || undefined}>
      <button type="button" className={styles.choose} aria-pressed={chosen} onClick={onChoose}>
        <code className="mono">{version.version}</code>
        <span className={styles.facts}>
          <Moment at={version.firstSeenAt} />
          {version.current && <Pill>{t('features.current')}</Pill>}
        </span>
      </button>
      {version.latestRunId === null ? (
        <span className={styles.facts}>{t('features.noRuns')}</span>
      ) : (
        <Link href={`/runs/${version.latestRunId}`} className={styles.runs ?? ''}>
          {t('features.runCount', { count: version.runs })}
        </Link>
      )}
    </div>
  )
}
