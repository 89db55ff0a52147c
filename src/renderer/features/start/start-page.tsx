import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'

export default function StartPage() {
  const { t } = useTranslation()
  return <Page title={t('start.title')}>{null}</Page>
}
