import { type ReactNode, useId } from 'react'
import styles from './schema.module.css'

/** Fields that say one thing together. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row in every browser
    <div className={styles.group} role="group" aria-labelledby={id}>
      <h4 className={styles.groupTitle} id={id}>
        {title}
      </h4>
      <div className={styles.fields}>{children}</div>
    </div>
  )
}
