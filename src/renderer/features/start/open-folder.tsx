import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Panel } from '../../components/page.tsx'
import { OpenFolderForm } from '../projects/add-project.tsx'

/** Opens a folder that holds a project; its path may be known already. */
export function OpenFolder({ path }: { path: string }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  return (
    <div style={{ maxWidth: 640 }}>
      <Panel title={t('projects.openFolder')}>
        <OpenFolderForm path={path} onDone={() => navigate('/')} onCancel={() => navigate('/start')} />
      </Panel>
    </div>
  )
}
