import { type ReactNode, useEffect, useId } from 'react'
import { Link } from 'wouter'
import { ChevronIcon } from './icons.tsx'
import styles from './page.module.css'

export interface Crumb {
  label: string
  href: string
}

interface PageProps {
  /** Also the title of the window. */
  title: string
  /** Stands beside the title, such as a status. */
  mark?: ReactNode
  crumbs?: readonly Crumb[]
  actions?: ReactNode
  /** On a wide screen the page is as high as the window, and its parts scroll within. */
  fill?: boolean
  children: ReactNode
}

export function Page({ title, mark, crumbs = [], actions, fill = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Esteira`
  }, [title])
  return (
    <div className={styles.page} data-fill={fill || undefined}>
      <header className={styles.head}>
        {crumbs.length > 0 && (
          <nav className={styles.crumbs} aria-label={title}>
            {crumbs.map((crumb) => (
              <span key={crumb.href} style={{ display: 'contents' }}>
                <Link href={crumb.href}>{crumb.label}</Link>
                <ChevronIcon size={12} />
              </span>
            ))}
          </nav>
        )}
        <h1 className={styles.title}>
          <span>{title}</span>
          {mark}
        </h1>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface PanelProps {
  title: ReactNode
  actions?: ReactNode
  /** Without padding, for tables. */
  flush?: boolean
  children: ReactNode
}

export function Panel({ title, actions, flush = false, children }: PanelProps) {
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.panelHead}>
        <h2 className={styles.panelTitle} id={id}>
          {title}
        </h2>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={flush ? styles.flush : styles.panelBody}>{children}</div>
    </section>
  )
}
