import { Handle, Position } from '@xyflow/react'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './canvas.module.css'
import { stepSize } from './canvas-layout.ts'
import type { InputPort, OutputPort } from './canvas-model.ts'
import { FittingPorts, handleId, portKey } from './connecting.ts'
import { lookOf, type PortLook, shapePaths } from './port-look.ts'

interface PlacedPort {
  step: string
  /** Pixels from the left edge of the step. */
  left: number
}

export function InputHandle({ step, left, port }: PlacedPort & { port: InputPort }) {
  const { t } = useTranslation()
  const types = port.types.join(' / ') || t('pipelines.unknownType')
  const state = port.missing ? t('pipelines.portMissing') : port.connected ? undefined : t('pipelines.portFree')
  const label = [t('pipelines.inputPort', { name: port.name, types }), state].filter(Boolean).join(', ')
  return (
    <PortHandle step={step} left={left} side="in" name={port.name} label={label}>
      <PortMark look={lookOf(port.types)} filled={port.connected} missing={port.missing} />
    </PortHandle>
  )
}

export function OutputHandle({ step, left, port }: PlacedPort & { port: OutputPort }) {
  const { t } = useTranslation()
  const types = port.type ?? t('pipelines.unknownType')
  const label = t('pipelines.outputPort', { name: port.name, types })
  return (
    <PortHandle step={step} left={left} side="out" name={port.name} label={label}>
      <PortMark look={lookOf([port.type])} filled missing={false} />
    </PortHandle>
  )
}

interface PortHandleProps extends PlacedPort {
  side: 'in' | 'out'
  name: string
  label: string
  children: React.ReactNode
}

function PortHandle({ step, left, side, name, label, children }: PortHandleProps) {
  const fitting = useContext(FittingPorts)
  const fits = fitting?.has(portKey({ step, side, port: name }))
  return (
    <Handle
      id={handleId(side, name)}
      type={side === 'in' ? 'target' : 'source'}
      position={side === 'in' ? Position.Top : Position.Bottom}
      className={styles.port}
      style={{ left }}
      role="img"
      aria-label={label}
      data-fits={fits}
      data-left={left > stepSize.width / 2 || undefined}
    >
      {children}
      <span className={styles.portLabel} aria-hidden="true">
        {label}
      </span>
    </Handle>
  )
}

interface PortMarkProps {
  look: PortLook
  filled: boolean
  missing: boolean
}

export function PortMark({ look, filled, missing }: PortMarkProps) {
  const color = missing ? 'var(--bad)' : look.color
  return (
    <svg className={styles.portMark} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path
        d={shapePaths[look.shape]}
        fill={filled ? color : 'var(--panel)'}
        stroke={color}
        strokeWidth={1.6}
        strokeDasharray={missing ? '2 1.4' : undefined}
      />
    </svg>
  )
}
