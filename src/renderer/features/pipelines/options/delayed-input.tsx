import { Autocomplete, Textarea, TextInput } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

const restMs = 500

export interface DelayedInputProps {
  id?: string | undefined
  label?: string | undefined
  value: string
  /** Called once the keys rest, on Enter, and when the field is left. */
  onCommit: (text: string) => void
  placeholder?: string | undefined
  error?: string | undefined
  /** Says what is wrong with a text; such a text is not committed. */
  check?: ((text: string) => string | undefined) | undefined
  describedBy?: string | undefined
  suggestions?: readonly string[] | undefined
  decimal?: boolean
  mono?: boolean
  /** Several lines; Enter makes a new one. */
  lines?: boolean
  /** Not while keys rest, because a half-written name would be one that others refer to. */
  onLeaveOnly?: boolean
  disabled?: boolean
}

/** A field that keeps what is typed to itself until the person rests, so that not every key is a change of the file. */
export function DelayedInput(props: DelayedInputProps) {
  const { value, onCommit, check, suggestions = [], lines = false, onLeaveOnly = false } = props
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ text, value, onCommit, check })
  latest.current = { text, value, onCommit, check }
  // The file changed elsewhere: by undo, in the text, by another field.
  if (value !== seen) {
    setSeen(value)
    setText(value)
  }
  function commit(): void {
    clearTimeout(timer.current)
    timer.current = undefined
    const now = latest.current
    if (now.text !== now.value && now.check?.(now.text) === undefined) now.onCommit(now.text)
  }
  // A field that disappears has been left.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it goes
  useEffect(() => () => void (timer.current !== undefined && commit()), [])
  function change(next: string): void {
    setText(next)
    clearTimeout(timer.current)
    if (!onLeaveOnly) timer.current = setTimeout(commit, restMs)
  }
  const shared = {
    id: props.id,
    'aria-label': props.label,
    'aria-describedby': props.describedBy,
    size: 'xs' as const,
    placeholder: props.placeholder,
    error: props.error ?? (text === value ? undefined : check?.(text)),
    value: text,
    onBlur: commit,
    spellCheck: false,
    disabled: props.disabled ?? false,
    ...(props.mono && { styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } }),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit()
  }
  if (lines) return <Textarea {...shared} autosize minRows={2} maxRows={12} onChange={(e) => change(e.target.value)} />
  if (suggestions.length > 0) {
    return (
      <Autocomplete
        {...shared}
        data={[...suggestions]}
        onChange={change}
        onOptionSubmit={(chosen) => {
          setText(chosen)
          latest.current = { ...latest.current, text: chosen }
          commit()
        }}
        onKeyDown={onKeyDown}
      />
    )
  }
  return (
    <TextInput
      {...shared}
      inputMode={props.decimal ? 'decimal' : undefined}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  )
}
