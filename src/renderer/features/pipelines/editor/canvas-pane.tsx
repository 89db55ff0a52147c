import { Button, Skeleton } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PlusIcon, SideIcon } from '../../../components/icons.tsx'
import { Palette } from '../canvas/palette.tsx'
import { useCanvasActs } from '../canvas/use-canvas-acts.ts'
import styles from './editor.module.css'
import { ProblemList } from './problem-list.tsx'
import type { Split } from './split-sizes.ts'
import { useEditor } from './use-pipeline-editor.ts'

const PipelineCanvas = lazy(() => import('../canvas/pipeline-canvas.tsx'))

interface CanvasPaneProps {
  split: Split
  onSplit: (split: Split) => void
}

/** The graph to work on, the palette over it, and the problems below. */
export function CanvasPane({ split, onSplit }: CanvasPaneProps) {
  const { t } = useTranslation()
  const editor = useEditor()
  const acts = useCanvasActs()
  const [palette, setPalette] = useState(false)
  const after = editor.selected?.name
  return (
    <section className={styles.canvas} aria-label={t('run.pipelineGraph')}>
      <header className={styles.paneHead}>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<PlusIcon size={13} />}
          aria-expanded={palette}
          onClick={() => setPalette(!palette)}
        >
          {t('pipelines.addStep')}
        </Button>
        {editor.outdated && <span className={styles.outdated}>{t('pipelines.outdated')}</span>}
        <span className={styles.toggles}>
          <PaneToggle
            label={t('pipelines.inspector')}
            open={split.inspectorOpen}
            onToggle={(inspectorOpen) => onSplit({ ...split, inspectorOpen })}
          />
          <PaneToggle
            label={t('pipelines.text')}
            open={split.textOpen}
            onToggle={(textOpen) => onSplit({ ...split, textOpen })}
          />
        </span>
      </header>
      <div className={styles.canvasBody}>
        <Suspense fallback={<Skeleton height="100%" radius={0} />}>
          <PipelineCanvas
            acts={acts}
            onPalette={() => setPalette(true)}
            onDrop={(name, step) => {
              const component = editor.catalogue.get(name)
              if (component !== undefined) void acts.add(component, step)
            }}
          />
        </Suspense>
        {palette && (
          <Palette
            components={editor.components}
            after={after}
            onClose={() => setPalette(false)}
            onAdd={(component) => {
              setPalette(false)
              void acts.add(component, after)
            }}
          />
        )}
      </div>
      <ProblemList />
    </section>
  )
}

interface PaneToggleProps {
  label: string
  open: boolean
  onToggle: (open: boolean) => void
}

function PaneToggle({ label, open, onToggle }: PaneToggleProps) {
  return (
    <Button
      size="compact-xs"
      variant={open ? 'light' : 'default'}
      aria-pressed={open}
      leftSection={<SideIcon size={12} />}
      onClick={() => onToggle(!open)}
    >
      {label}
    </Button>
  )
}
