import { Button, CloseButton } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import styles from './toast.module.css'

export interface Toast {
  readonly text: string
  /** Takes back what was done; the toast offers it for as long as it stands. */
  readonly undo?: (() => void) | undefined
  /** A problem stays until it is closed. */
  readonly tone?: 'plain' | 'bad'
}

type ShownToast = Toast & { readonly id: number }

const shownMs = 8_000
const longestList = 3

const useToasts = create<{ toasts: readonly ShownToast[] }>(() => ({ toasts: [] }))
let nextId = 1

/** Says in one line what was done, and offers to take it back. */
export function showToast(toast: Toast): void {
  const shown = { ...toast, id: nextId++ }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, shown].slice(-longestList) }))
}

function close(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}

/** Where toasts appear; stands once, in the frame. */
export function Toasts() {
  const { t } = useTranslation()
  const toasts = useToasts((state) => state.toasts)
  return (
    <section className={styles.area} aria-live="polite" aria-label={t('common.notices')}>
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function ToastLine({ toast }: { toast: ShownToast }) {
  const { t } = useTranslation()
  const { id, text, undo, tone } = toast
  useEffect(() => {
    if (tone === 'bad') return
    const timer = setTimeout(() => close(id), shownMs)
    return () => clearTimeout(timer)
  }, [id, tone])
  return (
    <div className={styles.toast} data-tone={tone}>
      <span className={styles.text}>{text}</span>
      {undo !== undefined && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            close(id)
            undo()
          }}
        >
          {t('common.undo')}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t('common.close')} onClick={() => close(id)} />
    </div>
  )
}
