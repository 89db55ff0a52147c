/** The entry of the thread that looks into the request log, compacts it and scores it. */
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { answerQuestions } from '../../kernel/asked-thread-host.ts'
import { requestFolder } from '../../serving/request-log/segments.ts'
import { askRequests, type LogPlace } from './ask.ts'
import { sizeOf, tidyRequests } from './compaction.ts'
import { importLabels } from './import-labels.ts'
import { requestDetails, requestPage } from './page.ts'
import type { RequestQuestion } from './request-tasks.ts'
import { performanceOf, scoreWindow } from './scoring.ts'
import { requestSql } from './sql.ts'

const place: LogPlace = z
  .object({ logPath: z.string(), scratchPath: z.string(), memoryLimitMb: z.number() })
  .parse(workerData)
const { logPath } = place

async function perform({ task, input }: RequestQuestion, signal: AbortSignal): Promise<unknown> {
  switch (task) {
    case 'page':
      return await askRequests(place, input, signal, (asked, tables) =>
        requestPage(asked, tables, { ...input, logPath }),
      )
    case 'details':
      return await askRequests(place, input, signal, (asked, tables) =>
        requestDetails(asked, tables, { ...input, logPath }),
      )
    case 'sql':
      return await askRequests(place, input, signal, (asked, tables) =>
        requestSql(asked, tables, { ...input, logPath }),
      )
    case 'score':
      return await askRequests(place, input, signal, (asked, tables) => scoreWindow(asked, tables, input, signal))
    case 'performance':
      return await askRequests(place, input, signal, (asked, tables) =>
        performanceOf(asked, tables, { ...input, logPath }, signal),
      )
    case 'importLabels':
      return await importLabels(place, input, signal)
    case 'size':
      return await sizeOf(requestFolder(logPath, input.endpoint))
    case 'tidy':
      return await tidyRequests(place, input, signal)
  }
}

answerQuestions<RequestQuestion>({ perform })
