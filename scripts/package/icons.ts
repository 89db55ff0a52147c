/** The icons as SVG: a conveyor belt that carries two parts. */

const app = { ground: '#0b4f52', small: '#f2b14a', large: '#8fd6d3', belt: '#e8f6f6' }

/** The icon of the app, with the margin that icons of macOS have. */
export function appIcon(): string {
  return svg(`<g transform="translate(3.2 3.2) scale(.9)">
  <rect x="0" y="0" width="64" height="64" rx="14.5" fill="${app.ground}"/>
  <rect x="13" y="18" width="16" height="16" rx="3" fill="${app.small}"/>
  <rect x="34" y="12" width="17" height="22" rx="3" fill="${app.large}"/>
  <rect x="8" y="38" width="48" height="14" rx="7" fill="none" stroke="${app.belt}" stroke-width="3.5"/>
  <circle cx="17" cy="45" r="2.6" fill="${app.belt}"/>
  <circle cx="32" cy="45" r="2.6" fill="${app.belt}"/>
  <circle cx="47" cy="45" r="2.6" fill="${app.belt}"/>
</g>`)
}

export const trayStates = ['idle', 'running', 'attention'] as const
/** `Template`: black and transparent, which macOS colours itself. */
export const trayLooks = ['-light', '-dark', 'Template'] as const
type TrayState = (typeof trayStates)[number]
type TrayLook = (typeof trayLooks)[number]

const line: Record<TrayLook, string> = { '-light': '#2b333b', '-dark': '#f2f5f7', Template: '#000' }
const running: Record<TrayLook, string> = { '-light': '#00767c', '-dark': '#6cc9c7', Template: '#000' }
const attention: Record<TrayLook, string> = { '-light': '#c62f2f', '-dark': '#ff8a80', Template: '#000' }

/** Drawn for 16 pixels; the state is told by form as well as by colour: an empty box, two full ones, a mark. */
export function trayIcon(state: TrayState, look: TrayLook): string {
  const color = line[look]
  return svg(`<g fill="${color}">
  <rect x="4" y="38" width="56" height="20" rx="10" fill="none" stroke="${color}" stroke-width="6"/>
  <circle cx="20" cy="48" r="4"/>
  <circle cx="44" cy="48" r="4"/>
  ${load(state, look)}
</g>`)
}

function load(state: TrayState, look: TrayLook): string {
  if (state === 'idle') {
    return `<rect x="21" y="9" width="22" height="22" rx="4" fill="none" stroke="${line[look]}" stroke-width="6"/>`
  }
  if (state === 'running') {
    return `<rect x="8" y="11" width="20" height="20" rx="4" fill="${running[look]}"/><rect x="36" y="5" width="20" height="26" rx="4" fill="${running[look]}"/>`
  }
  return `<g fill="${attention[look]}"><rect x="27" y="2" width="10" height="18" rx="4"/><circle cx="32" cy="27" r="5"/></g>`
}

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${content}</svg>`
}
