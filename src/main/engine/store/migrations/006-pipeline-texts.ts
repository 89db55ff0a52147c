import type { Migration } from './migration.ts'

export const pipelineTexts: Migration = {
  number: 6,
  name: 'pipeline-texts',
  sql: `
    -- The text of each pipeline version that a run used: its file may have changed since, and not every text is committed.
    CREATE TABLE pipeline_text (
      project_id    TEXT NOT NULL REFERENCES project (id),
      pipeline      TEXT NOT NULL,
      version       TEXT NOT NULL,
      text          TEXT NOT NULL,
      first_seen_at INTEGER NOT NULL,
      PRIMARY KEY (project_id, pipeline, version)
    ) STRICT;
  `,
}
