/** The time now, in epoch milliseconds. Passed in wherever a decision depends on it, so that tests choose the time. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()
