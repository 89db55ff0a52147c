import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Impact } from '#shared/lineage.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Panel } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { impactWords } from '../../lib/words/impact.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './lineage.module.css'
import { lineageHref } from './links.ts'

/** What would no longer hold if the thing changed, surest first, each with its reason. */
export function ImpactPanel({ impact }: { impact: Impact }) {
  const { t } = useTranslation()
  const words = useWords(impactWords)
  const { items, versionsLeft, leansOn } = impact
  return (
    <Panel title={t('lineage.stale')}>
      {items.length === 0 ? (
        <EmptyNote>{t('lineage.nothingStale')}</EmptyNote>
      ) : (
        <ul className={styles.list} aria-label={t('lineage.stale')}>
          {items.map(({ node, certainty, why }) => (
            <li key={node.id} className={styles.item}>
              <span className={styles.itemHead}>
                <span className="muted">{t(`lineage.kinds.${node.kind}`)}</span>
                <Link href={lineageHref(node.id)}>{node.label}</Link>
                <Pill>{t(`lineage.certainty.${certainty}`)}</Pill>
              </span>
              <span className={styles.reason}>{words.reason(why)}</span>
            </li>
          ))}
        </ul>
      )}
      {versionsLeft > 0 && <p className={styles.note}>{t('lineage.versionsLeft', { count: versionsLeft })}</p>}
      {leansOn.map((each) => (
        <p key={each.kind} className={styles.note}>
          {t('lineage.approximate')} {words.leansOn(each)}
        </p>
      ))}
    </Panel>
  )
}
