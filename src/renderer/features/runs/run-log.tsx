import { Button, Select, Switch, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine, Run } from '#shared/runs.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { SearchIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { maxLogLines } from '../../lib/cache-updates.ts'
import { useFormat } from '../../lib/format.ts'
import { filterLog, findLines, type LogLevel, logLevels, logText, splitMatches, stepMatch } from './log-search.ts'
import { useRunLog } from './queries.ts'
import styles from './run-log.module.css'

/** Scrolled this close to the end, a person means the end. */
const endTolerancePx = 24
const lineHeightPx = 19
const overscanLines = 30

interface RunLogProps {
  run: Run
  /** Only the lines of this step. */
  step: string | undefined
  onStep: (step: string | undefined) => void
}

/** The log as it is written: followed, filtered, searched, kept as a file. */
export function RunLog({ run, step, onStep }: RunLogProps) {
  const { t } = useTranslation()
  const log = useRunLog(run.id)
  const [follow, setFollow] = useState(true)
  const [level, setLevel] = useState<LogLevel>('debug')
  const lines = useMemo(() => filterLog(log.data ?? [], step, level), [log.data, step, level])
  const search = useLogSearch(lines, () => setFollow(false))
  return (
    <>
      <div className={styles.bar}>
        <Select
          aria-label={t('run.step')}
          w={140}
          value={step ?? ''}
          data={[
            { value: '', label: t('run.allSteps') },
            ...run.steps.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(value) => onStep(value || undefined)}
        />
        <Select
          aria-label={t('run.level')}
          w={140}
          value={level}
          data={logLevels.map((value) => ({ value, label: t(`run.levels.${value}`) }))}
          onChange={(value) => setLevel(logLevels.find((each) => each === value) ?? 'debug')}
        />
        <LogSearch search={search} />
        <Switch label={t('run.follow')} checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
        <span className="muted">{t('run.logLines', { count: lines.length })}</span>
        <Button variant="default" size="compact-xs" disabled={lines.length === 0} onClick={() => download(run, lines)}>
          {t('run.download')}
        </Button>
      </div>
      <Loaded query={log} lines={6}>
        {(all) => (
          <>
            {all.length >= maxLogLines && <EmptyNote>{t('run.logTruncated', { count: maxLogLines })}</EmptyNote>}
            {lines.length === 0 ? (
              <EmptyNote>{t('run.noLog')}</EmptyNote>
            ) : (
              <LogLines lines={lines} follow={follow} onFollow={setFollow} sought={search.text} current={search.line} />
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

function useLogSearch(lines: readonly LogLine[], onMove: () => void) {
  const [text, setText] = useState('')
  const [position, setPosition] = useState(0)
  const found = useMemo(() => findLines(lines, text), [lines, text])
  const current = Math.min(position, Math.max(0, found.length - 1))
  return {
    text,
    count: found.length,
    /** Counts from 1; 0 where nothing is found. */
    ordinal: found.length === 0 ? 0 : current + 1,
    line: found[current],
    type(next: string) {
      setText(next)
      setPosition(0)
      if (next.trim() !== '') onMove()
    },
    go(by: 1 | -1) {
      setPosition(stepMatch(found.length, current, by))
      onMove()
    },
  }
}

function LogSearch({ search }: { search: ReturnType<typeof useLogSearch> }) {
  const { t } = useTranslation()
  const nothing = search.count === 0
  return (
    <search className={styles.search}>
      <TextInput
        type="search"
        size="xs"
        w={170}
        aria-label={t('run.searchLog')}
        placeholder={t('run.searchLog')}
        leftSection={<SearchIcon size={13} />}
        value={search.text}
        onChange={(event) => search.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.go(event.shiftKey ? -1 : 1)
        }}
      />
      {search.text.trim() !== '' && (
        <>
          <span className="muted numeric" aria-live="polite">
            {t('run.matches', { ordinal: search.ordinal, total: search.count })}
          </span>
          <Button
            variant="default"
            size="compact-xs"
            disabled={nothing}
            aria-label={t('run.previousMatch')}
            onClick={() => search.go(-1)}
          >
            ↑
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            disabled={nothing}
            aria-label={t('run.nextMatch')}
            onClick={() => search.go(1)}
          >
            ↓
          </Button>
        </>
      )}
    </search>
  )
}

interface LogLinesProps {
  lines: readonly LogLine[]
  follow: boolean
  onFollow: (follow: boolean) => void
  sought: string
  /** The line of the match that is looked at. */
  current: number | undefined
}

/** Only the lines in view exist; each is as high as its text needs. */
function LogLines({ lines, follow, onFollow, sought, current }: LogLinesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeightPx,
    overscan: overscanLines,
    getItemKey: (index) => lines[index]?.sequence ?? index,
  })
  const last = lines.at(-1)?.sequence
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last line is what there is to follow
  useEffect(() => {
    if (follow) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [follow, last, virtualizer])
  useEffect(() => {
    if (current !== undefined) virtualizer.scrollToIndex(current, { align: 'center' })
  }, [current, virtualizer])
  return (
    <div
      ref={box}
      className={styles.lines}
      role="log"
      aria-label={t('run.log')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onWheel={({ deltaY }) => deltaY < 0 && onFollow(false)}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        if (scrollHeight - scrollTop - clientHeight < endTolerancePx && current === undefined) onFollow(true)
      }}
    >
      <div className={styles.space} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index]
          if (line === undefined) return null
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className={styles.line}
              data-level={line.level}
              data-current={index === current || undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className={styles.time}>{format.time(line.at)}</span>
              <span className={styles.step}>{line.step}</span>
              <span className={styles.text}>
                <Marked text={line.text} sought={sought} />
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Marked({ text, sought }: { text: string; sought: string }) {
  return splitMatches(text, sought).map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text have no other identity
    index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece,
  )
}

function download(run: Run, lines: readonly LogLine[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([logText(lines)], { type: 'text/plain' }))
  link.download = `${run.pipeline}-${run.id}.log`
  link.click()
  URL.revokeObjectURL(link.href)
}
