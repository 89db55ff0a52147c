import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { hoursOf, type RequestsFilter, showOf, shows, spans } from './filter.ts'
import { RequestDrawer } from './request-drawer.tsx'
import { RequestTable } from './request-table.tsx'
import styles from './requests.module.css'

/** What was asked of the endpoint, and what it said: the log, one request opened from it. */
export function RequestsTab({ endpoint: { name } }: { endpoint: Endpoint }) {
  const [show, setShow] = useSearchParam('show')
  const [span, setSpan] = useSearchParam('span')
  const [id, setId] = useSearchParam('id')
  const [opened, open] = useSearchParam('request')
  const filter: RequestsFilter = { show: showOf(show), hours: hoursOf(span), id: id ?? '' }
  const [openedId, openedRow] = splitKey(opened)
  return (
    <div className={styles.tab}>
      <FilterBar filter={filter} onShow={setShow} onSpan={setSpan} onId={setId} />
      <RequestTable endpoint={name} filter={filter} opened={opened} onOpen={open} />
      {openedId !== undefined && (
        <RequestDrawer endpoint={name} id={openedId} row={openedRow} onClose={() => open(undefined)} />
      )}
    </div>
  )
}

/** `<row>:<id>`, as the address holds it. */
function splitKey(key: string | undefined): [string | undefined, number] {
  const [, row = '', id] = /^(\d+):(.+)$/.exec(key ?? '') ?? []
  return [id, Number(row)]
}

interface FilterBarProps {
  filter: RequestsFilter
  onShow: (value: string | undefined) => void
  onSpan: (value: string | undefined) => void
  onId: (value: string | undefined) => void
}

const typingMs = 300

function FilterBar({ filter, onShow, onSpan, onId }: FilterBarProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(filter.id)
  const search = useDebouncedCallback((text: string) => onId(text === '' ? undefined : text), typingMs)
  return (
    <div className={styles.bar}>
      <SegmentedControl
        aria-label={t('requests.show')}
        value={filter.show}
        onChange={(value) => onShow(value === 'all' ? undefined : value)}
        size="xs"
        data={shows.map((value) => ({ value, label: t(`requests.show_${value}`) }))}
      />
      <Select
        aria-label={t('requests.span')}
        value={filter.hours === undefined ? 'all' : String(filter.hours)}
        onChange={(value) => onSpan(value === '24' || value === null ? undefined : value)}
        data={spans.map((hours) => ({
          value: hours === undefined ? 'all' : String(hours),
          label: t(`requests.span_${hours ?? 'all'}`),
        }))}
        allowDeselect={false}
        w={150}
      />
      <TextInput
        type="search"
        size="xs"
        aria-label={t('requests.search')}
        placeholder={t('requests.search')}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          search(value)
        }}
        w={220}
      />
      {typed !== '' && (
        <Button
          variant="default"
          onClick={() => {
            setTyped('')
            onId(undefined)
          }}
        >
          {t('requests.clear')}
        </Button>
      )}
    </div>
  )
}
