import type { ReactNode } from 'react'
import styles from './settings.module.css'

interface SettingRowProps {
  label: string
  /** What it means, and from when on it counts. */
  hint?: ReactNode
  /** Of the control, where the label is one for it. */
  htmlFor?: string
  children: ReactNode
}

/** A setting: what it is on the left, its control on the right. */
export function SettingRow({ label, hint, htmlFor, children }: SettingRowProps) {
  return (
    <div className={styles.row}>
      <div className={styles.about}>
        {htmlFor === undefined ? (
          <span className={styles.label}>{label}</span>
        ) : (
          <label className={styles.label} htmlFor={htmlFor}>
            {label}
          </label>
        )}
        {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      </div>
      <div className={styles.control}>{children}</div>
    </div>
  )
}
