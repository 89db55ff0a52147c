import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetInfo } from '#shared/data.ts'
import { Loaded } from '../../../components/loaded.tsx'
import { useProjectFile } from '../queries.ts'
import { SchemaEditor } from './schema-editor.tsx'
import { type NewSchema, StartSchema } from './start-schema.tsx'
import { unsavedText } from './unsaved.ts'

/** The schema file of the dataset, or the way to one. */
export function SchemaTab({ projectId, info }: { projectId: string; info: DatasetInfo }) {
  const { t } = useTranslation()
  const usual = `schemas/${info.name}.yaml`
  const kept = unsavedText(projectId, usual)
  const [made, setMade] = useState<NewSchema | undefined>(
    info.schemaFile === null && kept !== undefined ? { file: usual, text: kept } : undefined,
  )
  const file = useProjectFile(projectId, info.schemaFile ?? undefined)
  if (made !== undefined)
    return <SchemaEditor projectId={projectId} dataset={info.name} file={made.file} text={made.text} saved={null} />
  if (info.schemaFile === null) return <StartSchema projectId={projectId} dataset={info.name} onStart={setMade} />
  return (
    <Loaded query={{ data: file.isFetchedAfterMount ? file.data : undefined, error: file.error }}>
      {({ path, text, sha256 }) => (
        <SchemaEditor
          key={path}
          projectId={projectId}
          dataset={info.name}
          file={path}
          text={unsavedText(projectId, path) ?? text}
          saved={{ text, sha256 }}
          note={info.problem === null ? undefined : t('schema.unreadable')}
        />
      )}
    </Loaded>
  )
}
