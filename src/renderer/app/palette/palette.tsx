import { Modal } from '@mantine/core'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunRequest } from '../../features/pipelines/start-run.tsx'
import { closeOverlay } from '../shortcuts.ts'
import styles from './palette.module.css'
import { rankCommands } from './rank.ts'
import { type Command, useCommands } from './use-commands.ts'

const longestList = 60

/** Every page, project, pipeline, run, model and action by a few letters of its name. */
export default function Palette({ onRun }: { onRun: (request: RunRequest) => void }) {
  const { t } = useTranslation()
  return (
    <Modal.Root opened onClose={closeOverlay} size={620} centered={false} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.title')}>
        <CommandList onRun={onRun} />
      </Modal.Content>
    </Modal.Root>
  )
}

function CommandList({ onRun }: { onRun: (request: RunRequest) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const commands = useCommands(onRun)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const found = useMemo(() => rankCommands(query, commands).slice(0, longestList), [query, commands])
  const chosen = Math.min(at, found.length - 1)

  function act(command: Command | undefined) {
    if (command === undefined) return
    closeOverlay()
    command.run()
  }
  function onKeyDown(event: KeyboardEvent) {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    const move = moves[event.key]
    if (move !== undefined) {
      event.preventDefault()
      setAt(Math.max(0, Math.min(found.length - 1, chosen + move)))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      act(found[chosen])
    }
  }
  return (
    <div className={styles.palette}>
      <input
        className={styles.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={chosen < 0 ? undefined : `${id}-${chosen}`}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} role="listbox" id={id} aria-label={t('palette.title')}>
        {found.map((command, index) => (
          <CommandItem
            key={command.id}
            id={`${id}-${index}`}
            command={command}
            chosen={index === chosen}
            onChoose={() => setAt(index)}
            onAct={() => act(command)}
          />
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>{t('palette.none')}</p>}
      <p className={styles.foot}>{t('palette.keys')}</p>
    </div>
  )
}

interface CommandItemProps {
  id: string
  command: Command
  chosen: boolean
  onChoose: () => void
  onAct: () => void
}

function CommandItem({ id, command, chosen, onChoose, onAct }: CommandItemProps) {
  const item = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above, which keeps the focus
    <div
      ref={item}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={styles.item}
      onMouseMove={chosen ? undefined : onChoose}
      onClick={onAct}
    >
      <span className={styles.title}>{command.title}</span>
      <span className={styles.hint}>{command.hint}</span>
      <span className={styles.kind}>{command.kind}</span>
    </div>
  )
}
