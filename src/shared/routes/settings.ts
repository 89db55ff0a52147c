/** Settings of the home, disk use, retention, the token, trust and diagnostics. */
import { z } from 'zod'
import { examinationSchema } from '../doctor.ts'
import { projectSchema } from '../projects.ts'
import { idParams, route } from '../route.ts'
import {
  cleanUpPreviewSchema,
  cleanUpReportSchema,
  diagnosticsSchema,
  diskUseSchema,
  settingsChangeSchema,
  settingsStateSchema,
} from '../settings.ts'

export const settingsRoutes = {
  getSettings: route('GET', '/settings', 'What is set for the home, and the ports in use.', {
    response: settingsStateSchema,
  }),
  putSettings: route('PUT', '/settings', 'Changes the settings that are given. Ports count from the next start.', {
    body: settingsChangeSchema,
    response: settingsStateSchema,
  }),
  getDiskUse: route('GET', '/disk', 'What the home holds, by kind and project. At most some seconds old.', {
    response: diskUseSchema,
  }),
  previewCleanUp: route(
    'GET',
    '/disk/clean-up',
    'What a clean-up would remove now, and the bytes freed; removes nothing.',
    {
      response: cleanUpPreviewSchema,
    },
  ),
  cleanUp: route('POST', '/disk/clean-up', 'Removes what the settings do not keep. Answers once it is done.', {
    response: cleanUpReportSchema,
  }),
  startExamination: route(
    'POST',
    '/doctor',
    'Verifies every hash and foreign key, and repairs what it can if asked to. Answers at once.',
    { body: z.object({ repair: z.boolean().default(false) }), response: examinationSchema },
  ),
  getExamination: route('GET', '/doctor', 'What the latest examination has found so far, and what was done about it.', {
    response: examinationSchema,
  }),
  rotateToken: route('POST', '/token/rotate', 'Makes a new token. The old one is refused from now on.', {
    response: z.object({ token: z.string() }),
  }),
  trustProject: route('PUT', '/projects/:id/trust', 'Allows the code of a project to run, or forbids it.', {
    params: idParams,
    body: z.object({ trusted: z.boolean() }),
    response: projectSchema,
  }),
  getDiagnostics: route('GET', '/diagnostics', 'What helps to find a fault, without data or secrets.', {
    response: diagnosticsSchema,
  }),
} as const
