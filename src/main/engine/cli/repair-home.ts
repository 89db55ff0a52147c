/** `esteira doctor --repair`: verifies everything stored, repairs what it can, and reports exactly what was done. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Examination } from '#shared/doctor.ts'
import { EsteiraError, fromProblem, toProblem } from '../kernel/errors.ts'
import type { CommandLine } from './command-line.ts'
import { withEngine } from './connect.ts'
import { formatTable } from './output.ts'

const pollMs = 500

export async function repairHome(line: CommandLine): Promise<void> {
  const done = await withEngine(line, async ({ client }) => {
    await client.call('startExamination', { body: { repair: true } })
    for (let told = -1; ; await delay(pollMs)) {
      const now = await client.call('getExamination')
      if (now.finishedAt !== null) return now
      const percent = Math.floor(now.progress * 100)
      if (percent >= told + 10) {
        line.note(`${percent} % of the stored files are verified`)
        told = percent
      }
    }
  })
  if (done.problem !== null) throw fromProblem(done.problem)
  line.answer(done, () => describe(done))
  const left = done.findings.filter(({ outcome }) => outcome !== 'repaired').length
  if (left > 0) line.failed(toProblem(new EsteiraError('home-unusable', `${left} problems could not be repaired.`)))
}

function describe({ artifacts, files, bytes, foreignKeys, findings }: Examination): string {
  const checked = `${artifacts} artifacts, ${files} files (${(bytes / 1e6).toFixed(1)} MB) and ${foreignKeys} foreign keys verified.`
  if (findings.length === 0) return `${checked}\nAll is well.`
  const rows = findings.map(({ kind, outcome, where, detail, repair }) => [kind, outcome, where, `${detail} ${repair}`])
  return `${checked}\n${formatTable(['what', 'outcome', 'where', ''], rows)}`
}
