import type { Migration } from './migration.ts'

export const sketchMonths: Migration = {
  number: 16,
  name: 'sketch-months',
  sql: `
    -- The days of a month merged are kept beside the days themselves, so that a long window is put together from few.
    ALTER TABLE sketch_span ADD COLUMN level TEXT NOT NULL DEFAULT 'day' CHECK (level IN ('day', 'month'));
  `,
}
