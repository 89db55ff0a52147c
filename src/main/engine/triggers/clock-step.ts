/** A clock that is set right moves by seconds; one that was set wrong by more. Less never fires a planned time twice. */
export const clockStepMs = 24 * 60 * 60_000
