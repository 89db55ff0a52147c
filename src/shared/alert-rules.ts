/** The form of `alerts` in `monitors/*.yaml`: which checks raise an alert, when, who hears of it, and what follows. */
import { z } from 'zod'
import { nameSchema } from './names.ts'

export const alertSeveritySchema = z.enum(['warning', 'critical'])
export type AlertSeverity = z.infer<typeof alertSeveritySchema>

const severity = alertSeveritySchema
  .default('warning')
  .describe('Only alerts of at least this severity are told: warning, or critical.')

const receiverSpecSchema = z
  .union([
    z.literal('desktop'),
    z.strictObject({
      webhook: nameSchema.describe('The name of a webhook of the home: "esteira alerts webhooks" lists them.'),
      severity,
    }),
    z.strictObject({
      command: z
        .array(z.string().min(1).max(1_000))
        .min(1)
        .max(50)
        .describe(
          'A program and its arguments, run in the project folder without a shell; it gets the alert as JSON on its standard input. Only in trusted folders.',
        ),
      severity,
    }),
  ])
  .describe('desktop, { webhook: name } or { command: [program, argument] }.')

/** One entry of `alerts`. */
export const alertRuleSpecSchema = z.strictObject({
  checks: z
    .array(nameSchema)
    .min(1)
    .optional()
    .describe('The checks it is about. Default: all that no other entry names.'),
  severity: alertSeveritySchema
    .default('warning')
    .describe('From which readings on an alert is raised: warning, or critical alone.'),
  after: z.number().int().min(1).max(100).default(2).describe('How many bad readings in a row raise the alert.'),
  'clear-after': z.number().int().min(1).max(100).default(3).describe('How many good readings in a row clear it.'),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe('How far on the good side of its limit a reading must be to count as good, as a share of the limit.'),
  notify: z
    .array(receiverSpecSchema)
    .max(20)
    .default(['desktop'])
    .describe('Who is told. The list of alerts in the app shows every alert anyway.'),
  act: z
    .enum(['roll-back'])
    .optional()
    .describe('What follows once the alert is critical: the revision before answers again, once for each alert.'),
})
export type AlertRuleSpec = z.output<typeof alertRuleSpecSchema>

export const alertRuleSpecsSchema = z
  .array(alertRuleSpecSchema)
  .max(50)
  .default([])
  .describe('Which checks raise alerts, and who is told. A check that no entry covers raises alerts in the app alone.')

/** Who is told, in the one form that all parts use. */
export const receiverSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('desktop') }),
  z.object({ kind: z.literal('webhook'), name: z.string() }),
  z.object({ kind: z.literal('command'), command: z.array(z.string()) }),
])
export type Receiver = z.infer<typeof receiverSchema>

/** What holds for the alerts of one check, every default in place. */
export interface AlertRule {
  readonly severity: AlertSeverity
  readonly after: number
  readonly clearAfter: number
  readonly margin: number
  readonly notify: readonly { readonly receiver: Receiver; readonly severity: AlertSeverity }[]
  readonly rollBack: boolean
}

const inTheAppAlone: AlertRule = {
  severity: 'warning',
  after: 2,
  clearAfter: 3,
  margin: 0.02,
  notify: [],
  rollBack: false,
}

/** The rule of a check: that of the entry that names it, else that of the entry that names none. */
export function alertRuleOf(specs: readonly AlertRuleSpec[], check: string): AlertRule {
  const spec = specs.find(({ checks }) => checks?.includes(check)) ?? specs.find(({ checks }) => checks === undefined)
  if (spec === undefined) return inTheAppAlone
  return {
    severity: spec.severity,
    after: spec.after,
    clearAfter: spec['clear-after'],
    margin: spec.margin,
    notify: spec.notify.map(receiverOf),
    rollBack: spec.act === 'roll-back',
  }
}

function receiverOf(spec: AlertRuleSpec['notify'][number]): AlertRule['notify'][number] {
  if (spec === 'desktop') return { receiver: { kind: 'desktop' }, severity: 'warning' }
  return 'webhook' in spec
    ? { receiver: { kind: 'webhook', name: spec.webhook }, severity: spec.severity }
    : { receiver: { kind: 'command', command: spec.command }, severity: spec.severity }
}
