export interface Surroundings {
  readonly headless: boolean
  readonly sandbox: boolean
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
  /** X11 or Wayland; other platforms always have one. */
  readonly hasDisplay: boolean
}

/** Why Electron could not show a window here, told from what is known without trying; undefined where it may. */
export function whyNoWindow(at: Surroundings): string | undefined {
  if (at.headless) return 'as asked'
  if (at.platform !== 'linux') return undefined
  if (!at.hasDisplay) return 'there is no display'
  if (at.isRoot && at.sandbox) return 'Electron does not run as root; --no-sandbox lets it'
  return undefined
}
