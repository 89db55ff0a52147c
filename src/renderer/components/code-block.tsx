import styles from './code-block.module.css'
import { CopyButton } from './copy-button.tsx'

/** Text to copy, such as a command. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.code} aria-label={label} tabIndex={0}>
        <code>{code}</code>
      </section>
      <CopyButton text={code} className={styles.copy} />
    </div>
  )
}
