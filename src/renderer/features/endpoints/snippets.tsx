import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Signature } from '#shared/models.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import type { Row } from './form.ts'
import { useAccess } from './queries.ts'
import { type SnippetKind, snippet, snippetKinds } from './snippet.ts'

const names: Record<SnippetKind, string> = {
  curl: 'curl',
  python: 'Python',
  typescript: 'TypeScript',
  'open-inference': 'Open Inference v2',
}

interface SnippetsProps {
  endpoint: string
  url: string
  signature: Signature
  row: Row
}

/** The same question as code, in several languages. */
export function Snippets({ endpoint, url, signature, row }: SnippetsProps) {
  const { t } = useTranslation()
  const keysRequired = useAccess(endpoint).data?.rules.keysRequired ?? false
  const [chosen, setChosen] = useSearchParam('snippet')
  const kind = snippetKinds.find((each) => each === chosen) ?? 'curl'
  return (
    <>
      <p className="muted" style={{ margin: '0 0 8px' }}>
        {t(keysRequired ? 'endpoints.tryItTextKey' : 'endpoints.tryItText')}
      </p>
      <Tabs value={kind} onChange={(value) => setChosen(value ?? undefined)} keepMounted={false}>
        <Tabs.List aria-label={t('endpoints.language')}>
          {snippetKinds.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {names[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippetKinds.map((each) => (
          <Tabs.Panel key={each} value={each} pt={10}>
            <CodeBlock code={snippet(each, { url, signature, row, keysRequired })} label={names[each]} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}
