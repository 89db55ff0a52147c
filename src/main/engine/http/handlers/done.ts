/** The answer of a route that has nothing to tell. */
export const done = { ok: true } as const
