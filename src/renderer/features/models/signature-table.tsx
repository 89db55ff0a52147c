import { useTranslation } from 'react-i18next'
import type { Signature, SignatureInput } from '#shared/models.ts'
import { type Column, Table } from '../../components/table.tsx'
import styles from './models.module.css'

/** Examples beyond these are counted. */
const shownExamples = 4

/** What the model takes. */
export function SignatureTable({ signature }: { signature: Signature }) {
  const { t } = useTranslation()
  const columns: Column<SignatureInput>[] = [
    { key: 'name', label: t('common.name'), wraps: true, cell: ({ name }) => name },
    { key: 'type', label: t('models.type'), cell: ({ type }) => t(`models.type_${type}`) },
    {
      key: 'required',
      label: t('models.required'),
      cell: ({ required }) => t(required ? 'models.required' : 'models.optional'),
    },
    {
      key: 'typical',
      label: t('models.typical'),
      wraps: true,
      cell: ({ typical, examples = [] }) => (
        <>
          {typical !== undefined && <code className="mono">{String(typical)}</code>}
          {examples.length > 0 && <Examples examples={examples} />}
        </>
      ),
    },
  ]
  return <Table label={t('models.inputs')} columns={columns} rows={signature.inputs} rowKey={({ name }) => name} />
}

function Examples({ examples }: { examples: readonly string[] }) {
  const { t } = useTranslation()
  const left = examples.length - shownExamples
  return (
    <div className={styles.reason}>
      {examples.slice(0, shownExamples).join(', ')} {left > 0 && t('models.moreExamples', { count: left })}
    </div>
  )
}
