import { useTranslation } from 'react-i18next'
import { AddProjectButtons } from '../projects/add-project.tsx'
import styles from './overview.module.css'

const steps = ['Project', 'Run', 'Model', 'Endpoint'] as const

/** The first thing a person sees: what this is, and the four steps of the main job. */
export function Welcome() {
  const { t } = useTranslation()
  return (
    <section className={styles.welcome} aria-labelledby="welcome">
      <h2 id="welcome" className={styles.welcomeTitle}>
        {t('overview.welcomeTitle')}
      </h2>
      <p className={styles.welcomeText}>{t('overview.welcomeText')}</p>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li key={step} className={styles.step}>
            <span className={styles.number} aria-hidden="true">
              {index + 1}
            </span>
            <span className={styles.stepTitle}>{t(`overview.step${step}`)}</span>
            <span className={styles.stepText}>{t(`overview.step${step}Text`)}</span>
          </li>
        ))}
      </ol>
      <div>
        <AddProjectButtons prominent />
      </div>
    </section>
  )
}
