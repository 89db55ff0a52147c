import '@mantine/core/styles.css'
import './tokens.css'
import { createRoot } from 'react-dom/client'
import { startTranslations } from '../lib/i18n/index.ts'
import { takeTokenFromAddress } from '../lib/token.ts'
import { App } from './app.tsx'

takeTokenFromAddress()
startTranslations()

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element "root".')
createRoot(root).render(<App />)
