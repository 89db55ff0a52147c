import { buildIfStale, pagesAndShell } from '../../scripts/start/build.ts'
import { appRoot } from './engine.ts'

/** What is tested is what the sources say now. */
export default function setUp(): Promise<void> {
  return buildIfStale(appRoot, pagesAndShell)
}
