import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { EsteiraMark, SearchIcon } from '../components/icons.tsx'
import { Toasts } from '../components/toast.tsx'
import { AlertCount } from '../features/alerts/alert-bell.tsx'
import { useStartRun } from '../features/pipelines/start-run.tsx'
import { useConnection } from '../lib/connection.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { DropZone } from './drop-zone.tsx'
import { places } from './places.ts'
import { ProjectSwitcher } from './project-switcher.tsx'
import { Routes } from './routes.tsx'
import styles from './shell.module.css'
import { showPalette, useOverlay } from './shortcuts.ts'
import { useShortcuts } from './use-shortcuts.ts'

const Palette = lazy(() => import('./palette/palette.tsx'))
const ShortcutsHelp = lazy(() => import('./shortcuts-help.tsx'))

export function Shell() {
  const { t } = useTranslation()
  const main = useFocusOnNavigation()
  useShortcuts()
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
      <Overlays />
      <Toasts />
      <DropZone />
    </div>
  )
}

/** What stands over the page: the command palette, the list of keys. */
function Overlays() {
  const shown = useOverlay()
  const startRun = useStartRun()
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette onRun={startRun.open} />}
      {shown === 'shortcuts' && <ShortcutsHelp />}
      {startRun.dialog}
    </Suspense>
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

const paletteKeys = navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'

function Rail() {
  const { t } = useTranslation()
  const [path] = useLocation()
  return (
    <div className={styles.rail}>
      <Link href="/" className={styles.brand} aria-label="Esteira">
        <EsteiraMark size={26} />
        <span className={styles.label}>Esteira</span>
      </Link>
      <button type="button" className={styles.search} onClick={showPalette} aria-label={t('palette.title')}>
        <SearchIcon size={14} />
        <span className={styles.label}>{t('palette.open')}</span>
        <kbd className={`${styles.label} ${styles.key}`}>{paletteKeys}</kbd>
      </button>
      <div className={styles.switcher}>
        <ProjectSwitcher />
      </div>
      <nav aria-label={t('app.navigation')}>
        <ul className={styles.list}>
          {places.map(({ key, href, icon: Icon }) => {
            const here = href === '/' ? path === '/' : path.startsWith(href)
            return (
              <li key={key}>
                <Link href={href} className={styles.item} aria-current={here ? 'page' : undefined}>
                  <Icon size={17} />
                  <span className={styles.label}>{t(`nav.${key}`)}</span>
                  {key === 'alerts' && <AlertCount />}
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
      <div className={styles.foot}>
        <EngineState />
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
