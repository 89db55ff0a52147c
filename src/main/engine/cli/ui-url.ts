/** The address of the pages. The token is in the fragment, which a browser never sends anywhere. */
export function uiUrl(controlUrl: string, token: string): string {
  return `${controlUrl}/#token=${token}`
}
