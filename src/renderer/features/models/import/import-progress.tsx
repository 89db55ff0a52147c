import { Button, Group, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Problem } from '#shared/errors.ts'
import { Loaded } from '../../../components/loaded.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { useRun } from '../../../lib/queries.ts'

interface ImportProgressProps {
  runId: string
  model: string
  onFailure: (problem: Problem) => void
  onClose: () => void
}

/** The run that makes the version, step by step, and the version once it is there. */
export function ImportProgress({ runId, model, onFailure, onClose }: ImportProgressProps) {
  const { t } = useTranslation()
  const run = useRun(runId)
  const problem = run.data?.status === 'failed' ? run.data.error : null
  useEffect(() => {
    if (problem !== null) onFailure(problem)
  }, [problem, onFailure])
  return (
    <Loaded query={run}>
      {({ status, steps }) => {
        const version = Number(steps.find(({ name }) => name === 'register')?.values.version)
        // What the step tells may come a moment after the end of the run.
        const isDone = status === 'succeeded' && Number.isInteger(version)
        return (
          <Stack gap="sm">
            <Text size="sm" aria-live="polite">
              {isDone
                ? t('modelImport.done', { model, version })
                : t(status === 'cancelled' ? 'modelImport.cancelled' : 'modelImport.underWay')}
            </Text>
            {steps.map((step) => (
              <Group key={step.name} gap={10}>
                <StatusMark status={step.status} />
                <Text size="sm">{t(step.name === 'register' ? 'modelImport.register' : 'modelImport.read')}</Text>
              </Group>
            ))}
            <Group justify="flex-end" gap={8}>
              <Button component={Link} href={`/runs/${runId}`} variant="default">
                {t('modelImport.toRun')}
              </Button>
              {isDone ? (
                <Button component={Link} href={`/models/${encodeURIComponent(model)}/${version}`}>
                  {t('modelImport.toVersion', { version })}
                </Button>
              ) : (
                <Button variant="default" onClick={onClose}>
                  {t('common.close')}
                </Button>
              )}
            </Group>
          </Stack>
        )
      }}
    </Loaded>
  )
}
