import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { openDropped } from '../features/start/dropped.ts'
import styles from './drop-zone.module.css'

/** Takes a folder or a data file that is dropped anywhere on the app, and shows that it may be. */
export function DropZone() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      setOver(false)
      const path = openDropped(event.dataTransfer)
      if (path !== undefined) navigate(path)
    }
    window.addEventListener('dragover', onOver)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [navigate])
  if (!over) return null
  return (
    <div className={styles.zone} role="status">
      <div className={styles.card}>
        <strong>{t('app.dropTitle')}</strong>
        <span>{t('app.dropText')}</span>
      </div>
    </div>
  )
}
