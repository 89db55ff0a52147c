/** Enough of an id to tell runs apart on a page. */
export const shortRunId = (id: string): string => id.slice(-6)
