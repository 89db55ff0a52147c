import type { ReactNode } from 'react'
import { TagIcon } from './icons.tsx'
import styles from './pill.module.css'

export function Pill({ icon, children }: { icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={styles.pill}>
      {icon}
      {children}
    </span>
  )
}

export function AliasPills({ aliases, none }: { aliases: readonly string[]; none?: ReactNode }) {
  if (aliases.length === 0) return none ?? null
  return (
    <span className={styles.row}>
      {aliases.map((alias) => (
        <Pill key={alias} icon={<TagIcon size={11} />}>
          {alias}
        </Pill>
      ))}
    </span>
  )
}
