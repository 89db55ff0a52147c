import type { Translation } from '../translation.ts'

export const en = {
  settings: {
    title: 'Settings',
  },
} as const

export const ptBR: Translation<typeof en> = {
  settings: {
    title: 'Configurações',
  },
}
