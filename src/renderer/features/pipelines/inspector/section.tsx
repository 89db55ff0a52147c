import { type ReactNode, useId } from 'react'
import styles from './inspector.module.css'

/** A titled part of the inspector. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h3 id={id} className={styles.sectionTitle}>
        {title}
      </h3>
      {children}
    </section>
  )
}

interface LabelledProps {
  label: string
  help?: string
  /** Gets the id that the label points to. */
  children: (id: string, helpId: string | undefined) => ReactNode
}

/** A field with its label and what it is for. */
export function Labelled({ label, help, children }: LabelledProps) {
  const id = useId()
  const helpId = help === undefined ? undefined : `${id}-help`
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {children(id, helpId)}
      {help !== undefined && (
        <p id={helpId} className={styles.help}>
          {help}
        </p>
      )}
    </div>
  )
}
