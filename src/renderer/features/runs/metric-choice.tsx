import { Button, Checkbox, Popover } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface MetricChoiceProps {
  known: readonly string[]
  shown: readonly string[]
  onChange: (metrics: readonly string[]) => void
}

const mostHeightPx = 360

/** Which metrics have a column. */
export function MetricChoice({ known, shown, onChange }: MetricChoiceProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="compact-xs" onClick={() => setOpened(!opened)}>
          {t('runs.chooseMetrics')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah={mostHeightPx} style={{ overflowY: 'auto' }}>
        {known.map((name) => (
          <Checkbox
            key={name}
            size="xs"
            py={3}
            label={name}
            checked={shown.includes(name)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...shown, name] : shown.filter((each) => each !== name))
            }
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}
