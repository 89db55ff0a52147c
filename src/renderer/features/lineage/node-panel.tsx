import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LineageDirection, LineageNode } from '#shared/lineage.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Panel } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import type { Opened } from './graph-state.ts'
import styles from './lineage.module.css'
import { lineageHref, pageOf } from './links.ts'

interface NodePanelProps {
  node: LineageNode
  centre: string
  opened: readonly Opened[]
  /** Of which there is more than is shown. */
  left: readonly Opened[]
  onOpen: (id: string, direction: LineageDirection) => void
}

/** The thing that is selected: what it is, the way to its own page, and what to open next. */
export function NodePanel({ node, centre, opened, left, onOpen }: NodePanelProps) {
  const { t } = useTranslation()
  const page = pageOf(node)
  return (
    <Panel title={`${t(`lineage.kinds.${node.kind}`)} ${node.label}`}>
      <Facts>
        {node.detail !== '' && (
          <Fact label={t('lineage.detail')}>
            <code className="mono">{node.detail}</code>
          </Fact>
        )}
        {node.state !== null && <Fact label={t('lineage.state')}>{node.state}</Fact>}
        {node.at !== null && (
          <Fact label={t('lineage.since')}>
            <Moment at={node.at} />
          </Fact>
        )}
      </Facts>
      <div className={styles.buttons}>
        {(['upstream', 'downstream'] as const).map((direction) => {
          const isIt = (each: Opened) => each.id === node.id && each.direction === direction
          const done = opened.some(isIt) && !left.some(isIt)
          return (
            <Button
              key={direction}
              size="compact-sm"
              variant="default"
              disabled={done}
              onClick={() => onOpen(node.id, direction)}
            >
              {t(opened.some(isIt) ? `lineage.more.${direction}` : `lineage.open.${direction}`)}
            </Button>
          )
        })}
        {node.id !== centre && (
          <Button component={Link} href={lineageHref(node.id)} size="compact-sm" variant="default">
            {t('lineage.centre')}
          </Button>
        )}
        {page !== undefined && (
          <Button component={Link} href={page} size="compact-sm" variant="default">
            {t('lineage.toPage')}
          </Button>
        )}
      </div>
    </Panel>
  )
}
