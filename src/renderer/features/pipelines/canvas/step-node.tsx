import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { type KeyboardEvent, memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AlertIcon } from '../../../components/icons.tsx'
import styles from './canvas.module.css'
import { portOffset } from './canvas-layout.ts'
import type { CanvasStep } from './canvas-model.ts'
import { orderHandles } from './connecting.ts'
import { InputHandle, OutputHandle } from './port.tsx'

export interface StepNodeData extends Record<string, unknown> {
  readonly step: CanvasStep
  readonly renaming: boolean
  readonly onRename: (name: string) => void
  readonly onRenameEnd: () => void
}
export type StepNodeType = Node<StepNodeData, 'step'>

export const StepNode = memo(function StepNode({ data, selected }: NodeProps<StepNodeType>) {
  const { step, renaming, onRename, onRenameEnd } = data
  return (
    <div className={styles.node} data-selected={selected || undefined} data-problems={step.problems > 0 || undefined}>
      <Handle
        id={orderHandles.in}
        type="target"
        position={Position.Top}
        isConnectable={false}
        className={styles.hidden}
      />
      {step.inputs.map((port, index) => (
        <InputHandle key={port.name} step={step.name} port={port} left={portOffset(index, step.inputs.length)} />
      ))}
      {renaming ? (
        <NameInput name={step.name} onRename={onRename} onEnd={onRenameEnd} />
      ) : (
        <span className={styles.name}>{step.name}</span>
      )}
      <NodeMarks step={step} />
      <span className={`${styles.component} ellipsis`}>{step.component}</span>
      {step.outputs.map((port, index) => (
        <OutputHandle key={port.name} step={step.name} port={port} left={portOffset(index, step.outputs.length)} />
      ))}
      <Handle
        id={orderHandles.out}
        type="source"
        position={Position.Bottom}
        isConnectable={false}
        className={styles.hidden}
      />
    </div>
  )
})

function NodeMarks({ step }: { step: CanvasStep }) {
  const { t } = useTranslation()
  return (
    <span className={styles.marks}>
      {step.conditional && <span className={styles.condition}>{t('pipelines.conditional')}</span>}
      {step.problems > 0 && (
        <span className={styles.badge} role="img" aria-label={t('pipelines.problemCount', { count: step.problems })}>
          <AlertIcon size={11} />
          {step.problems}
        </span>
      )}
    </span>
  )
}

interface NameInputProps {
  name: string
  onRename: (name: string) => void
  onEnd: () => void
}

/** Enter and leaving take the name; Escape leaves it as it was. */
function NameInput({ name, onRename, onEnd }: NameInputProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const cancelled = useRef(false)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation()
    if (event.key === 'Escape') cancelled.current = true
    if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
  }
  const onBlur = () => {
    const next = input.current?.value.trim() ?? ''
    if (!cancelled.current && next !== '' && next !== name) onRename(next)
    onEnd()
  }
  return (
    <input
      ref={input}
      className={`${styles.nameInput} nodrag nopan`}
      aria-label={t('pipelines.stepName')}
      defaultValue={name}
      spellCheck={false}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
    />
  )
}
