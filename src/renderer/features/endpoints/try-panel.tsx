import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelVersionDetails, Revision } from '#shared/models.ts'
import type { EndpointFeature } from '#shared/online.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import styles from '../models/models.module.css'
import { useVersionDetails } from '../models/queries.ts'
import { ExplanationView } from './explanation-view.tsx'
import { initialForm, parseForm } from './form.ts'
import { formSignature, withoutFilled } from './form-features.ts'
import { PredictForm } from './predict-form.tsx'
import { useEndpointFeatures, usePredict } from './queries.ts'
import { Result } from './result.tsx'
import { Snippets } from './snippets.tsx'

interface TryPanelProps {
  endpoint: string
  url: string
  revision: Revision
}

/** A prediction by form, and the code that asks for the same. */
export function TryPanel({ endpoint, url, revision }: TryPanelProps) {
  const { model, version } = revision
  const details = useVersionDetails(model, version)
  const features = useEndpointFeatures(endpoint, revision.number)
  return (
    <Loaded query={details}>
      {(data) => (
        <Loaded query={features}>
          {(filled) => (
            <TryIt key={`${model} ${version}`} endpoint={endpoint} url={url} version={data} features={filled} />
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

interface TryItProps {
  endpoint: string
  url: string
  version: ModelVersionDetails
  features: readonly EndpointFeature[]
}

function TryIt({ endpoint, url, version, features }: TryItProps) {
  const { t } = useTranslation()
  const signature = formSignature(version.manifest.signature, features)
  const [texts, setTexts] = useState(() => withoutFilled(initialForm(signature), features))
  const [row, setRow] = useState(() => parseForm(signature, texts).row ?? {})
  const predict = usePredict(endpoint)

  function change(next: Readonly<Record<string, string>>) {
    setTexts(next)
    const parsed = parseForm(signature, next)
    if (parsed.row !== undefined) setRow(parsed.row)
  }
  return (
    <div className={styles.columns}>
      <Panel title={t('endpoints.predict')}>
        <div className={styles.stack}>
          <PredictForm
            version={version}
            signature={signature}
            features={features}
            texts={texts}
            pending={predict.isPending}
            onChange={change}
            onSubmit={(asked) => predict.mutate(asked)}
          />
          <Result answer={predict.data} error={predict.error} signature={signature} />
          {predict.data !== undefined && predict.variables !== undefined && (
            <ExplanationView key={predict.submittedAt} endpoint={endpoint} row={predict.variables} />
          )}
        </div>
      </Panel>
      <Panel title={t('endpoints.tryIt')}>
        <Snippets endpoint={endpoint} url={url} signature={signature} row={row} />
      </Panel>
    </div>
  )
}
