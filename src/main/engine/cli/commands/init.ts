import { resolve } from 'node:path'
import { Option } from 'commander'
import type { InitReport } from '#shared/api.ts'
import { type Task, taskSchema } from '#shared/models.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatTable } from '../output.ts'

interface Options {
  readonly data: string
  readonly target: string
  readonly task?: Task
  readonly name?: string
}

export const define: DefineCommand = (command, line) => {
  command
    .argument('<dir>', 'the new project folder')
    .requiredOption('--data <file>', 'a CSV, Parquet or JSON file')
    .requiredOption('--target <column>', 'the column to predict')
    .addOption(new Option('--task <task>', 'told from the target when left out').choices(taskSchema.options))
    .option('--name <name>', 'name of the project; default: that of the folder')
    .action(async (folder: string, options: Options) => {
      const body = { ...options, path: resolve(folder), data: resolve(options.data) }
      const report = await withEngine(line, ({ client }) => client.call('initProject', { body }))
      line.answer(report, () => describeReport(report, folder))
    })
}

function describeReport(report: InitReport, folder: string): string {
  const columns = report.columns.map(({ name, type, used, reason }) => [
    name,
    type,
    used ? 'used' : 'left out',
    reason ?? '',
  ])
  return [
    `Project ${report.project.name}: ${report.task} of "${report.target}", ${report.rows.toLocaleString('en')} rows.`,
    '',
    formatTable(['column', 'type', '', ''], columns),
    '',
    ...report.files.map((file) => `  wrote ${file}`),
    '',
    `Next: esteira run train --project ${folder}`,
  ].join('\n')
}
