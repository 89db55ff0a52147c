import { CloseButton, TextInput } from '@mantine/core'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComponentInfo } from '#shared/pipelines.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import styles from './palette.module.css'
import { searchComponents } from './palette-search.ts'
import { PortMark } from './port.tsx'
import { lookOf } from './port-look.ts'

interface PaletteProps {
  components: readonly ComponentInfo[]
  /** The step that a new one is connected to. */
  after: string | undefined
  onAdd: (component: ComponentInfo) => void
  onClose: () => void
}

/** The components to choose from: by click, by Enter, or by drag onto the canvas. */
export function Palette({ components, after, onAdd, onClose }: PaletteProps) {
  const { t } = useTranslation()
  const id = useId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const groups = searchComponents(components, query)
  const found = groups.flatMap((group) => group.components)
  const optionId = (component: ComponentInfo) => `${id}-${found.indexOf(component)}`
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const chosen = found[active]
    if (event.key === 'Escape') onClose()
    else if (event.key === 'Enter' && chosen !== undefined) onAdd(chosen)
    else if (by !== undefined && found.length > 0) {
      const next = (active + by + found.length) % found.length
      setActive(next)
      list.current?.querySelector(`[id="${id}-${next}"]`)?.scrollIntoView({ block: 'nearest' })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section className={styles.palette} aria-label={t('pipelines.palette')}>
      <div className={styles.head}>
        <TextInput
          autoFocus
          flex={1}
          size="xs"
          role="combobox"
          aria-label={t('pipelines.searchComponents')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[active] && optionId(found[active])}
          placeholder={t('pipelines.searchComponents')}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
        <CloseButton size="sm" aria-label={t('common.close')} onClick={onClose} />
      </div>
      {after !== undefined && <p className={styles.after}>{t('pipelines.addsAfter', { step: after })}</p>}
      <div ref={list} id={`${id}-list`} className={styles.list} role="listbox" aria-label={t('pipelines.components')}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options in a list box
          <div key={group.name} role="group" aria-label={group.name}>
            <div className={styles.group} aria-hidden="true">
              {group.name}
            </div>
            {group.components.map((component) => (
              <PaletteOption
                key={component.name}
                id={optionId(component)}
                component={component}
                active={found[active] === component}
                onChoose={() => onAdd(component)}
              />
            ))}
          </div>
        ))}
      </div>
      {found.length === 0 && <EmptyNote>{t('pipelines.noComponent')}</EmptyNote>}
    </section>
  )
}

interface PaletteOptionProps {
  id: string
  component: ComponentInfo
  active: boolean
  onChoose: () => void
}

function PaletteOption({ id, component, active, onChoose }: PaletteOptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search field, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: the same
    <div
      id={id}
      role="option"
      aria-selected={active}
      className={styles.option}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData('text/plain', component.name)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onClick={onChoose}
    >
      <span className={styles.optionName}>{component.name}</span>
      <PortList component={component} />
      <span className={styles.summary}>{component.summary}</span>
    </div>
  )
}

/** What goes in and what comes out, by type. */
function PortList({ component }: { component: ComponentInfo }) {
  const inputs = Object.values(component.inputs)
  const outputs = Object.values(component.outputs)
  return (
    <span className={styles.ports}>
      {inputs.map(({ types, optional }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the ports of a component never change
        <span key={index} className={styles.port}>
          <PortMark look={lookOf(types)} filled={!optional} missing={false} />
          {types.join('/')}
        </span>
      ))}
      {outputs.length > 0 && <span>→</span>}
      {outputs.map(({ type }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the ports of a component never change
        <span key={index} className={styles.port}>
          <PortMark look={lookOf([type])} filled missing={false} />
          {type}
        </span>
      ))}
    </span>
  )
}
