import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { LineageIcon } from '../../components/icons.tsx'
import { lineageHref } from './links.ts'

/** From the page of a thing to the lineage around it. */
export function LineageLink({ of }: { of: string }) {
  const { t } = useTranslation()
  return (
    <Button component={Link} href={lineageHref(of)} variant="default" leftSection={<LineageIcon size={14} />}>
      {t('lineage.link')}
    </Button>
  )
}
