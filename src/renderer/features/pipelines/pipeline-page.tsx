import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProjectTextFile } from '#shared/pipelines.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { usePipelines } from '../../lib/queries.ts'
import { CanvasPane } from './editor/canvas-pane.tsx'
import styles from './editor/editor.module.css'
import { Notices } from './editor/notices.tsx'
import { SplitPanes, useSplit } from './editor/split-panes.tsx'
import { TextPane } from './editor/text-pane.tsx'
import { Toolbar } from './editor/toolbar.tsx'
import { useEditorKeys } from './editor/use-editor-keys.ts'
import { EditorProvider, type EditorRequest, usePipelineEditor } from './editor/use-pipeline-editor.ts'
import { Inspector } from './inspector/inspector.tsx'
import { useCatalogue, useProjectFile } from './queries.ts'
import { useStartRun } from './start-run.tsx'

const VersionsDrawer = lazy(() => import('./versions/versions-drawer.tsx'))

/** A pipeline as a canvas, a form and a text, each of which changes the others. */
export default function PipelinePage({ projectId, name }: { projectId: string; name: string }) {
  const { t } = useTranslation()
  const pipelines = usePipelines(projectId)
  const pipeline = pipelines.data?.find((each) => each.name === name)
  const file = useProjectFile(projectId, pipeline?.file)
  const { query: components, catalogue } = useCatalogue()
  const loading = (
    <Page title={name} crumbs={[{ label: t('pipelines.title'), href: '/pipelines' }]}>
      <Loaded query={pipelines}>
        {() => {
          if (pipeline === undefined) return t('pipelines.notFound')
          return <Loaded query={file.data === undefined ? file : components}>{() => null}</Loaded>
        }}
      </Loaded>
    </Page>
  )
  if (file.data === undefined || components.data === undefined) return loading
  return (
    <OpenFile
      key={`${projectId} ${name}`}
      request={{ projectId, name, file: file.data, components: components.data, catalogue }}
    />
  )
}

type OpenFileProps = { request: Omit<EditorRequest, 'file'> & { file: ProjectTextFile } }

function OpenFile({ request }: OpenFileProps) {
  const { t } = useTranslation()
  // The file as it was when the page opened; what becomes of it on disk is followed by the editor.
  const [file] = useState(request.file)
  const editor = usePipelineEditor({ ...request, file })
  const startRun = useStartRun()
  const [split, setSplit] = useSplit()
  const [versions, setVersions] = useState(false)
  useEditorKeys(editor)
  return (
    <EditorProvider value={editor}>
      <Page
        fill
        title={request.name}
        mark={editor.disk.dirty && <span className={styles.unsaved}>{t('pipelines.unsaved')}</span>}
        crumbs={[{ label: t('pipelines.title'), href: '/pipelines' }]}
        actions={<Toolbar startRun={startRun} onVersions={() => setVersions(true)} />}
      >
        <Notices />
        <SplitPanes
          split={split}
          onChange={setSplit}
          canvas={<CanvasPane split={split} onSplit={setSplit} />}
          inspector={<Inspector />}
          text={<TextPane />}
        />
        {startRun.dialog}
        {versions && (
          <Suspense fallback={null}>
            <VersionsDrawer onClose={() => setVersions(false)} />
          </Suspense>
        )}
      </Page>
    </EditorProvider>
  )
}
