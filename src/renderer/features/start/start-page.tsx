import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { NewProject } from './new-project.tsx'
import { OpenFolder } from './open-folder.tsx'
import { StartChoices } from './start-choices.tsx'
import { Upload } from './upload-panel.tsx'
import { useWaitingFile } from './waiting-file.ts'

/** The ways to a project: the sample, a folder, or a data file. What is opened stands in the address. */
export default function StartPage() {
  const { t } = useTranslation()
  const [file] = useSearchParam('file')
  const [folder] = useSearchParam('folder')
  const waiting = useWaitingFile((state) => state.file)
  const crumbs = [{ label: t('start.title'), href: '/start' }]
  if (waiting !== undefined) {
    return (
      <Page title={t('start.fromFile')} crumbs={crumbs}>
        <Upload file={waiting} />
      </Page>
    )
  }
  if (file) return <NewProject key={file} path={file} crumbs={crumbs} />
  if (folder !== undefined) {
    return (
      <Page title={t('projects.openFolder')} crumbs={crumbs}>
        <OpenFolder path={folder} />
      </Page>
    )
  }
  return (
    <Page title={t('start.title')}>
      <StartChoices />
    </Page>
  )
}
