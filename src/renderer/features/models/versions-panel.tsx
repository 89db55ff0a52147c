import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { ModelVersion } from '#shared/models.ts'
import { Panel } from '../../components/page.tsx'
import { VersionsTable } from './versions-table.tsx'

/** The versions, some of which can be chosen to be seen side by side. */
export function VersionsPanel({ name, versions }: { name: string; versions: readonly ModelVersion[] }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [chosen, setChosen] = useState<readonly number[]>([])

  function toggle(version: number) {
    setChosen((before) => (before.includes(version) ? before.filter((each) => each !== version) : [...before, version]))
  }
  function compare() {
    const list = chosen.toSorted((a, b) => a - b).join(',')
    navigate(`/models/${encodeURIComponent(name)}/compare?versions=${list}`)
  }
  return (
    <Panel
      title={t('models.versions')}
      flush
      actions={
        <Button variant="default" size="compact-sm" disabled={chosen.length < 2} onClick={compare}>
          {t('models.compareChosen', { count: chosen.length })}
        </Button>
      }
    >
      <VersionsTable versions={versions} chosen={chosen} onToggle={toggle} />
    </Panel>
  )
}
