/** The entry of the desktop application. */
import { startDesktop } from './desktop/app.ts'

startDesktop()
