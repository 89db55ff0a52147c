/** Whether a page of the engine's origin is meant; every other place is outside the app. */
export function isOfOrigin(url: string, origin: string | undefined): boolean {
  if (origin === undefined) return false
  try {
    return new URL(url).origin === origin
  } catch {
    return false
  }
}
