import { z } from 'zod'

/** A page of the app, as the address bar of a browser would show it after the origin: `/runs/42`. */
export const pagePathSchema = z
  .string()
  .max(4_000)
  .regex(/^\/(?!\/)[^\\\p{Cc}]*$/u, 'must be the path of a page, such as /runs/42')

/** To take an address apart; any origin does. */
const anyOrigin = 'http://esteira.invalid'

/**
 * The page that a deep link such as `esteira://runs/42?tab=log` means; undefined where it means none. A fragment is left
 * out: the app takes a token from there.
 */
export function pageOfDeepLink(link: string): string | undefined {
  // What follows a single slash is a path; a second one, or what passes for it, would name another host.
  const rest = /^esteira:[/\\\s\p{Cc}]*([^#]*)/iu.exec(link)?.[1]
  if (rest === undefined) return undefined
  const { pathname, search } = new URL(`/${rest}`, anyOrigin)
  return pagePathSchema.safeParse(pathname + search).data
}

/** The Start page, which goes on with a project folder or a data file. */
export function startPage(kind: 'folder' | 'file', path: string): string {
  return `/start?${kind}=${encodeURIComponent(path)}`
}
