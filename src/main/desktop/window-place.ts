import { z } from 'zod'

export const windowPlaceSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  maximized: z.boolean(),
})
export type WindowPlace = z.infer<typeof windowPlaceSchema>

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const defaultPlace: WindowPlace = { width: 1280, height: 840, maximized: false }
/** So much of the window must lie on a screen for a person to be able to take hold of it. */
const graspablePx = 80

/** The stored place where it can still be used: a screen may be gone, a file may be damaged. */
export function usablePlace(stored: unknown, screens: readonly Area[]): WindowPlace {
  const place = windowPlaceSchema.safeParse(stored).data
  if (place === undefined) return defaultPlace
  const { x, y, ...size } = place
  if (x === undefined || y === undefined) return size
  const visible = screens.some(
    (screen) =>
      overlap(x, place.width, screen.x, screen.width) >= graspablePx &&
      y >= screen.y - graspablePx &&
      y <= screen.y + screen.height - graspablePx,
  )
  return visible ? place : size
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}
