import { EsteiraError } from '../kernel/errors.ts'

/** What `model@alias` or `model/version` says. */
export interface ModelReference {
  readonly model: string
  readonly target: { readonly alias: string } | { readonly version: number }
}

const form = /^(?<model>[^@/\s]+)(?:@(?<alias>[^@/\s]+)|\/(?<version>[1-9]\d{0,8}))$/

/** @throws EsteiraError `invalid-request` when the text has neither form */
export function parseModelReference(text: string): ModelReference {
  const { model, alias, version } = form.exec(text)?.groups ?? {}
  if (model !== undefined && alias !== undefined) return { model, target: { alias } }
  if (model !== undefined && version !== undefined) return { model, target: { version: Number(version) } }
  throw new EsteiraError('invalid-request', 'The text does not name a model version.', {
    found: text,
    allowed: 'model@alias or model/version, such as flight-delay@champion or flight-delay/3',
  })
}
