import { Button, SegmentedControl, Skeleton, TextInput } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { LineageAnswer, LineageDirection } from '#shared/lineage.ts'
import { Empty } from '../../components/empty.tsx'
import { LineageIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useModels, useProjects } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { formatOpened, mergeGraphs, open, parseOpened } from './graph-state.ts'
import { ImpactPanel } from './impact-panel.tsx'
import styles from './lineage.module.css'
import { LineageTable } from './lineage-table.tsx'
import { lineageHref } from './links.ts'
import { NodePanel } from './node-panel.tsx'
import { useLineage, useOpened } from './queries.ts'

const Canvas = lazy(() => import('./lineage-canvas.tsx'))

/** Names as people write them: the same in every language. */
const exampleNames = 'dataset:flights, column:flights.distance, flight-delay@champion'

/** From anything to anything: what a thing was made of, what uses it, what would be stale. The address holds all of it. */
export default function LineagePage() {
  const { t } = useTranslation()
  const [of] = useSearchParam('of')
  const answer = useLineage(of)
  const [view, setView] = useSearchParam('view')
  return (
    <Page
      fill
      title={t('lineage.title')}
      actions={
        of !== undefined && (
          <SegmentedControl
            aria-label={t('lineage.view')}
            size="xs"
            data={[
              { value: 'graph', label: t('lineage.asGraph') },
              { value: 'table', label: t('lineage.asTable') },
            ]}
            value={view === 'table' ? 'table' : 'graph'}
            onChange={(value) => setView(value === 'table' ? 'table' : undefined)}
          />
        )
      }
    >
      <Ask key={of} of={of} />
      {of === undefined ? (
        <Start />
      ) : (
        <Loaded query={answer} lines={8}>
          {(data) => <Shown key={data.node.id} answer={data} asTable={view === 'table'} />}
        </Loaded>
      )}
    </Page>
  )
}

/** Takes a thing as a person writes it. */
function Ask({ of }: { of: string | undefined }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [text, setText] = useState(of ?? '')
  return (
    <form
      className={styles.start}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') navigate(lineageHref(text.trim()))
      }}
    >
      <TextInput
        label={t('lineage.of')}
        placeholder={exampleNames}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t('lineage.show')}
      </Button>
    </form>
  )
}

/** Where nothing was asked yet: what can be, with what there is. */
function Start() {
  const { t } = useTranslation()
  const models = useModels().data ?? []
  const projects = useProjects().data ?? []
  const things = [
    ...models.filter(({ aliases }) => aliases.champion !== undefined).map(({ name }) => `${name}@champion`),
    ...projects.flatMap(({ id, datasets }) => datasets.map((name) => `dataset:${id}/${name}`)),
  ].slice(0, 12)
  return (
    <Empty icon={<LineageIcon size={32} />} title={t('lineage.startTitle')} text={t('lineage.startText')}>
      <div className={styles.suggestions}>
        {things.map((thing) => (
          <Link key={thing} href={lineageHref(thing)}>
            {thing}
          </Link>
        ))}
      </div>
    </Empty>
  )
}

function Shown({ answer, asTable }: { answer: LineageAnswer; asTable: boolean }) {
  const { t } = useTranslation()
  const [openText, setOpenText] = useSearchParam('open')
  const [selectedText, setSelected] = useSearchParam('at')
  const opened = useMemo(() => parseOpened(openText), [openText])
  const more = useOpened(opened)
  const graph = useMemo(() => mergeGraphs([answer.upstream, answer.downstream, more.graph]), [answer, more.graph])
  const selected = graph.nodes.find(({ id }) => id === selectedText) ?? answer.node
  const onOpen = (id: string, direction: LineageDirection) => setOpenText(formatOpened(open(opened, id, direction)))
  return (
    <>
      {more.error !== null && <ProblemAlert problem={problemOf(more.error)} />}
      <div className={styles.columns}>
        <section className={styles.main} aria-label={asTable ? t('lineage.table') : t('lineage.graph')}>
          {asTable ? (
            <LineageTable graph={graph} selected={selected.id} />
          ) : (
            <Suspense fallback={<Skeleton height="100%" radius={0} />}>
              <Canvas
                graph={graph}
                centre={answer.node.id}
                selected={selected.id}
                onSelect={(id) => setSelected(id === answer.node.id ? undefined : id)}
                onOpen={onOpen}
              />
            </Suspense>
          )}
        </section>
        <div className={styles.side}>
          <NodePanel node={selected} centre={answer.node.id} opened={opened} left={more.left} onOpen={onOpen} />
          {answer.impact !== null && <ImpactPanel impact={answer.impact} />}
          <p className={styles.note}>{t('lineage.keys')}</p>
        </div>
      </div>
    </>
  )
}
