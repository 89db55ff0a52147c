import { useFormat } from '../lib/format.ts'
import { useNow } from '../lib/use-now.ts'

/** How long ago, with the full date at hand. */
export function Moment({ at }: { at: number }) {
  const format = useFormat()
  const now = useNow(30_000)
  return (
    <time dateTime={new Date(at).toISOString()} title={format.dateTime(at)}>
      {format.relative(at, now)}
    </time>
  )
}

interface DurationProps {
  startedAt: number | null
  /** Null while it lasts: then the duration counts up. */
  finishedAt: number | null
}

export function Duration({ startedAt, finishedAt }: DurationProps) {
  const format = useFormat()
  const now = useNow(1_000, startedAt !== null && finishedAt === null)
  if (startedAt === null) return <span className="muted">–</span>
  return <span className="numeric">{format.duration((finishedAt ?? now) - startedAt)}</span>
}
