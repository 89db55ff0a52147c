/** Settings of the home, disk use, retention and diagnostics. */
export const settingsRoutes = {} as const
