import { type ComponentType, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { AboutSection } from './about-section.tsx'
import { DiagnosticsSection } from './diagnostics-section.tsx'
import { DiskSection } from './disk-section.tsx'
import { GeneralSection } from './general-section.tsx'
import { OutsideSection } from './outside-section.tsx'
import { PortsSection } from './ports-section.tsx'
import { ProjectsSection } from './projects-section.tsx'
import { RetentionSection } from './retention-section.tsx'
import styles from './settings.module.css'
import { TokenSection } from './token-section.tsx'
import { TriggersSection } from './triggers-section.tsx'

const sections = [
  { key: 'general', Section: GeneralSection },
  { key: 'ports', Section: PortsSection },
  { key: 'outside', Section: OutsideSection },
  { key: 'access', Section: TokenSection },
  { key: 'disk', Section: DiskSection },
  { key: 'retention', Section: RetentionSection },
  { key: 'projects', Section: ProjectsSection },
  { key: 'triggers', Section: TriggersSection },
  { key: 'diagnostics', Section: DiagnosticsSection },
  { key: 'about', Section: AboutSection },
] as const satisfies { key: string; Section: ComponentType }[]

export default function SettingsPage() {
  const { t } = useTranslation()
  useEffect(() => {
    // The page loads late: the browser has looked for the place already.
    document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }, [])
  return (
    <Page title={t('settings.title')}>
      <div className={styles.layout}>
        <nav className={styles.nav} aria-label={t('settings.title')}>
          {sections.map(({ key }) => (
            <a key={key} href={`#${key}`}>
              {t(`settings.section.${key}`)}
            </a>
          ))}
        </nav>
        <div className={styles.sections}>
          {sections.map(({ key, Section }) => (
            <div key={key} id={key} className={styles.section}>
              <Section />
            </div>
          ))}
        </div>
      </div>
    </Page>
  )
}
