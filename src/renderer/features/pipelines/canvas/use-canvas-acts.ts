/** What a person does on the canvas, as edits of the text. */
import { useTranslation } from 'react-i18next'
import type { ComponentInfo, PipelineEdit } from '#shared/pipelines.ts'
import { showToast } from '../../../components/toast.tsx'
import { type PipelineEditor, useEditor } from '../editor/use-pipeline-editor.ts'
import type { CanvasEdge } from './canvas-model.ts'
import type { PortPlace } from './connecting.ts'
import { obviousInputs, referenceTo } from './connection.ts'
import { stepNameFor } from './palette-search.ts'

export function useCanvasActs() {
  const { t } = useTranslation()
  const editor = useEditor()
  const withUndo = async (edits: readonly PipelineEdit[], text: string) => {
    const draft = await editor.edit(edits)
    if (draft !== undefined) showToast({ text, undo: editor.session.undo })
    return draft
  }
  return {
    connect(from: PortPlace, to: PortPlace) {
      const { steps, catalogue } = editor
      const component = catalogue.get(steps.find((step) => step.name === to.step)?.component ?? '')
      const types = component?.inputs[to.port]?.types ?? []
      const reference = referenceTo({ step: from.step, output: from.port }, types, steps, catalogue)
      return editor.edit([{ kind: 'connect', step: to.step, input: to.port, from: reference }])
    },
    removeStep(name: string) {
      if (editor.selected?.name === name) editor.select(undefined)
      return withUndo([{ kind: 'remove-step', name }], t('pipelines.stepRemoved', { name }))
    },
    removeEdge: (edge: CanvasEdge) =>
      withUndo(editsWithout(edge, editor), t('pipelines.edgeRemoved', { from: edge.from, to: edge.to })),
    async rename(name: string, newName: string) {
      const draft = await editor.edit([{ kind: 'rename-step', name, newName }])
      if (draft !== undefined) editor.select(newName)
    },
    async add(component: ComponentInfo, after: string | undefined) {
      const { steps, catalogue } = editor
      const source = steps.find((step) => step.name === after)
      const inputs = obviousInputs(component, source, catalogue)
      const name = stepNameFor(component.name)
      const place = source === undefined ? {} : { after: source.name }
      const edit = { kind: 'add-step', name, component: component.name, inputs, options: {}, ...place } as const
      const before = new Set(steps.map((step) => step.name))
      const draft = await withUndo([edit], t('pipelines.stepAdded', { component: component.name }))
      const added = draft?.steps.find((step) => !before.has(step.name))
      if (added !== undefined) editor.select(added.name)
    },
  }
}
export type CanvasActs = ReturnType<typeof useCanvasActs>

/** The edits that take an edge out of the file. */
function editsWithout(edge: CanvasEdge, { steps }: Pick<PipelineEditor, 'steps'>): PipelineEdit[] {
  if (edge.kind === 'data') {
    return [{ kind: 'disconnect', step: edge.to, input: edge.input ?? '', from: edge.from }]
  }
  const needs = steps.find((step) => step.name === edge.to)?.needs.filter((name) => name !== edge.from) ?? []
  const path = ['steps', edge.to, 'needs']
  return [needs.length === 0 ? { kind: 'remove', path } : { kind: 'set', path, value: needs }]
}
