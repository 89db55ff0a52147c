/** What is laid over the statistics of a dataset, as it stands in the address. Pure. */

export type Overlay =
  | { readonly kind: 'dataset'; readonly projectId: string; readonly dataset: string }
  | { readonly kind: 'run'; readonly runId: string }

/** `dataset/<project>/<name>` or `run/<id>`. */
export function overlayText(overlay: Overlay): string {
  return overlay.kind === 'run' ? `run/${overlay.runId}` : `dataset/${overlay.projectId}/${overlay.dataset}`
}

export function parseOverlay(text: string | undefined): Overlay | undefined {
  const [kind, first, ...rest] = text?.split('/') ?? []
  if (first === undefined || first === '') return undefined
  if (kind === 'run') return { kind, runId: first }
  const dataset = rest.join('/')
  return kind === 'dataset' && dataset !== '' ? { kind, projectId: first, dataset } : undefined
}
