import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

/** Who did something: a run, which is shown as a link, or another word of the engine. */
export function Actor({ actor }: { actor: string }) {
  const { t } = useTranslation()
  const id = /^run (\w+)$/.exec(actor)?.[1]
  if (id === undefined) return actor
  return (
    <Link href={`/runs/${id}`}>
      {t('common.run')} <span className="mono">{id.slice(-6)}</span>
    </Link>
  )
}
