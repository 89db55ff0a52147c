import type { ReactNode } from 'react'
import styles from './empty.module.css'

interface EmptyProps {
  icon: ReactNode
  title: string
  /** What this place will hold, and the step that leads there. */
  text: string
  children?: ReactNode
}

/** A page without content yet: it teaches the next step. */
export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div className={styles.empty}>
      {icon}
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text}>{text}</p>
      {children}
    </div>
  )
}

/** The same in one line, inside a panel. */
export function EmptyNote({ children }: { children: ReactNode }) {
  return <p className={styles.note}>{children}</p>
}
