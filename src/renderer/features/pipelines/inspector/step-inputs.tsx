import { MultiSelect, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ComponentInfo, DraftStep, EdgeReference, PipelineEdit } from '#shared/pipelines.ts'
import { type OutputPlace, outputMeant, outputsThatFit, referenceTo } from '../canvas/connection.ts'
import { PortMark } from '../canvas/port.tsx'
import { lookOf } from '../canvas/port-look.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import styles from './inspector.module.css'
import { Labelled, Section } from './section.tsx'

interface StepInputsProps {
  step: DraftStep
  component: ComponentInfo
}

/** The inputs of a step, each a choice of the outputs that fit: edges without a mouse. */
export function StepInputs({ step, component }: StepInputsProps) {
  const { t } = useTranslation()
  const names = Object.keys(component.inputs)
  if (names.length === 0) return null
  return (
    <Section title={t('pipelines.inputs')}>
      {names.map((name) => (
        <StepInput key={name} step={step} component={component} input={name} />
      ))}
    </Section>
  )
}

function StepInput({ step, component, input }: StepInputsProps & { input: string }) {
  const { t } = useTranslation()
  const { edit, catalogue, steps } = useEditor()
  const declared = component.inputs[input]
  if (declared === undefined) return null
  const { types, many, optional, summary } = declared
  const references = step.inputs[input] ?? []
  const current = references.map((each) => textOf(each.step, outputMeant(each, types, steps, catalogue)))
  const fitting = outputsThatFit(steps, catalogue, { step: step.name, input })
  const places = new Map(fitting.map((place) => [textOf(place.step, place.output), place]))
  // What is written stays to be seen, also where it does not fit.
  const data = [...new Set([...places.keys(), ...current])]
  const connect = (place: OutputPlace | undefined): PipelineEdit[] =>
    place === undefined
      ? []
      : [{ kind: 'connect', step: step.name, input, from: referenceTo(place, types, steps, catalogue) }]
  const cut = (gone: readonly EdgeReference[]): PipelineEdit[] =>
    gone.map((each) => ({ kind: 'disconnect', step: step.name, input, from: each.step }))
  const placeholder = t(optional ? 'pipelines.inputOptional' : 'pipelines.inputMissing')
  return (
    <Labelled label={`${input}${optional ? '' : ' *'}`} help={summary}>
      {(id, helpId) => {
        const shared = { id, size: 'xs', 'aria-describedby': helpId, data, clearable: true } as const
        const mark = <PortMark look={lookOf(types)} filled={references.length > 0} missing={false} />
        if (many) {
          return (
            <MultiSelect
              {...shared}
              placeholder={current.length === 0 ? placeholder : undefined}
              value={current}
              onChange={(chosen) => {
                const added = chosen.filter((text) => !current.includes(text))
                const gone = references.filter((_, index) => !chosen.includes(current[index] ?? ''))
                void edit([...cut(gone), ...added.flatMap((text) => connect(places.get(text)))])
              }}
            />
          )
        }
        return (
          <Select
            {...shared}
            leftSection={<span className={styles.portMark}>{mark}</span>}
            placeholder={placeholder}
            value={current[0] ?? null}
            clearButtonProps={{ 'aria-label': t('pipelines.disconnect', { input }), 'aria-hidden': false, tabIndex: 0 }}
            onChange={(text) => void edit(text === null ? cut(references) : connect(places.get(text)))}
          />
        )
      }}
    </Labelled>
  )
}

function textOf(step: string, output: string | undefined): string {
  return output === undefined ? step : `${step}.${output}`
}
