import type { Translation } from '../translation.ts'

export const en = {
  start: {
    title: 'Start',
  },
} as const

export const ptBR: Translation<typeof en> = {
  start: {
    title: 'Início',
  },
}
