import { Select, Switch } from '@mantine/core'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine, Run } from '#shared/runs.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { maxLogLines } from '../../lib/cache-updates.ts'
import { useFormat } from '../../lib/format.ts'
import { useRunLog } from '../../lib/queries.ts'
import styles from './run-log.module.css'

/** As many lines as a browser draws without a pause. */
const shownLines = 2_000
/** Scrolled this close to the end, a person means the end. */
const endTolerancePx = 24

interface RunLogProps {
  run: Run
  /** Only the lines of this step. */
  step: string | undefined
  onStep: (step: string | undefined) => void
}

export function RunLog({ run, step, onStep }: RunLogProps) {
  const { t } = useTranslation()
  const log = useRunLog(run.id)
  const [follow, setFollow] = useState(true)
  return (
    <>
      <div className={styles.bar}>
        <Select
          aria-label={t('run.step')}
          w={170}
          value={step ?? ''}
          data={[
            { value: '', label: t('run.allSteps') },
            ...run.steps.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(value) => onStep(value || undefined)}
        />
        <Switch label={t('run.follow')} checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
        {log.data !== undefined && <span className="muted">{t('run.logLines', { count: log.data.length })}</span>}
      </div>
      <Loaded query={log} lines={6}>
        {(lines) => (
          <LogLines
            lines={step === undefined ? lines : lines.filter((line) => line.step === step)}
            follow={follow}
            onFollow={setFollow}
          />
        )}
      </Loaded>
    </>
  )
}

interface LogLinesProps {
  lines: readonly LogLine[]
  follow: boolean
  onFollow: (follow: boolean) => void
}

function LogLines({ lines, follow, onFollow }: LogLinesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const shown = lines.slice(-shownLines)
  useFollow(box, follow, shown.at(-1)?.sequence)
  if (lines.length === 0) return <EmptyNote>{t('run.noLog')}</EmptyNote>
  return (
    <div
      ref={box}
      className={styles.lines}
      role="log"
      aria-label={t('run.log')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
        onFollow(scrollHeight - scrollTop - clientHeight < endTolerancePx)
      }
    >
      {(lines.length > shownLines || lines.length >= maxLogLines) && (
        <EmptyNote>{t('run.logTruncated', { count: shown.length })}</EmptyNote>
      )}
      {shown.map((line) => (
        <div key={line.sequence} className={styles.line} data-level={line.level}>
          <span className={styles.time}>{format.time(line.at)}</span>
          <span className={styles.step}>{line.step}</span>
          <span className={styles.text}>{line.text}</span>
        </div>
      ))}
    </div>
  )
}

/** Keeps the end in sight while lines arrive, unless the person has scrolled away from it. */
function useFollow(box: RefObject<HTMLDivElement | null>, follow: boolean, lastSequence: number | undefined): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last line is what there is to follow
  useLayoutEffect(() => {
    if (follow) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [box, follow, lastSequence])
}
