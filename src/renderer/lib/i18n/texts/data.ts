import type { Translation } from '../translation.ts'

export const en = {
  data: {
    title: 'Data',
  },
} as const

export const ptBR: Translation<typeof en> = {
  data: {
    title: 'Dados',
  },
}
