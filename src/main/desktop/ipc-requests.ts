import { z } from 'zod'
import { colorSchemes, type DesktopCallName, type DesktopCalls, languages } from '#shared/desktop.ts'
import { pagePathSchema } from './page-path.ts'

type Request<Name extends DesktopCallName> = Parameters<DesktopCalls[Name]>[0]

const title = z.string().max(200)

/** What a page may send, call by call. */
export const requestSchemas = {
  pickFolder: z.strictObject({ title }),
  pickFile: z.strictObject({ title }),
  notify: z.strictObject({ title, body: z.string().max(2_000), path: pagePathSchema.optional() }),
  setAppearance: z.strictObject({ language: z.enum(languages), colorScheme: z.enum(colorSchemes) }),
  getOpenAtLogin: z.undefined(),
  setOpenAtLogin: z.strictObject({ open: z.boolean() }),
} satisfies { [Name in DesktopCallName]: z.ZodType<Request<Name>> }
