import { useTranslation } from 'react-i18next'
import styles from './sql.module.css'
import { oneLine } from './sql-store.ts'
import type { SqlTable } from './sql-subject.ts'
import { examplesOf } from './sql-text.ts'

interface SqlSideProps {
  tables: readonly SqlTable[]
  /** Newest first. */
  history: readonly string[]
  /** Puts a query into the editor. */
  onText: (sql: string) => void
  onRun: (sql: string) => void
}

/** What can be asked: the tables with their columns, queries to begin with, and those asked before. */
export function SqlSide({ tables, history, onText, onRun }: SqlSideProps) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.side} aria-label={t('sql.tables')} tabIndex={0}>
      <h2 className={styles.title}>{t('sql.tables')}</h2>
      {tables.map(({ name, columns }, index) => (
        <details key={name} open={index === 0} className={styles.table}>
          <summary>{name}</summary>
          <ul className={styles.columns}>
            {columns.map((column) => (
              <li key={column.name}>
                <span>{column.name}</span>
                <span className="muted">{column.storageType.toLowerCase()}</span>
              </li>
            ))}
          </ul>
          <h3 className={styles.subtitle}>{t('sql.examples')}</h3>
          <ul className={styles.queries}>
            {examplesOf(name, columns).map(({ kind, sql }) => (
              <li key={kind}>
                <button type="button" onClick={() => onRun(sql)}>
                  {t(`sql.example.${kind}`)}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
      <h2 className={styles.title}>{t('sql.history')}</h2>
      {history.length === 0 && <p className="muted">{t('sql.noHistory')}</p>}
      <ul className={styles.queries}>
        {history.map((sql) => (
          <li key={sql}>
            <button type="button" className={styles.past} onClick={() => onText(sql)}>
              {oneLine(sql)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
