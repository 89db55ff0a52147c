import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { EndpointIcon, EsteiraMark, ModelIcon, OverviewIcon, PipelineIcon, RunIcon } from '../components/icons.tsx'
import { useConnection } from '../lib/connection.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { PreferencesMenu } from './preferences-menu.tsx'
import { Routes } from './routes.tsx'
import styles from './shell.module.css'

const places = [
  { key: 'overview', href: '/', icon: OverviewIcon },
  { key: 'pipelines', href: '/pipelines', icon: PipelineIcon },
  { key: 'runs', href: '/runs', icon: RunIcon },
  { key: 'models', href: '/models', icon: ModelIcon },
  { key: 'endpoints', href: '/endpoints', icon: EndpointIcon },
] as const

export function Shell() {
  const { t } = useTranslation()
  const main = useFocusOnNavigation()
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t('app.skip')}
      </button>
      <Rail />
      <div className={styles.content}>
        <ConnectionBanner />
        <main id="main" className={styles.main} ref={main} tabIndex={-1}>
          <Routes />
        </main>
      </div>
    </div>
  )
}

/** A new page begins at its top, and the keyboard and the screen reader with it. */
function useFocusOnNavigation() {
  const [path] = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    main.current?.focus({ preventScroll: true })
    main.current?.parentElement?.scrollTo(0, 0)
  }, [path])
  return main
}

function Rail() {
  const { t } = useTranslation()
  const [path] = useLocation()
  return (
    <div className={styles.rail}>
      <Link href="/" className={styles.brand} aria-label="Esteira">
        <EsteiraMark size={26} />
        <span className={styles.label}>Esteira</span>
      </Link>
      <nav aria-label={t('app.navigation')}>
        <ul className={styles.list}>
          {places.map(({ key, href, icon: Icon }) => {
            const here = href === '/' ? path === '/' : path.startsWith(href)
            return (
              <li key={key}>
                <Link href={href} className={styles.item} aria-current={here ? 'page' : undefined}>
                  <Icon size={17} />
                  <span className={styles.label}>{t(`nav.${key}`)}</span>
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
      <div className={styles.foot}>
        <EngineState />
        <PreferencesMenu />
      </div>
    </div>
  )
}

function EngineState() {
  const { t } = useTranslation()
  const state = useConnection((connection) => connection.state)
  const shown = state === 'unauthorized' ? 'unreachable' : state
  return (
    <div className={styles.state} role="status">
      <span className={styles.dot} data-state={shown} />
      <span className={styles.label}>{t(`connection.${shown}`)}</span>
    </div>
  )
}
