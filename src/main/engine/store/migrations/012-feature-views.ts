import type { Migration } from './migration.ts'

export const featureViews: Migration = {
  number: 12,
  name: 'feature-views',
  sql: `
    -- The definition of each version of a feature view that a run used: its file may have changed since.
    CREATE TABLE feature_view_text (
      project_id    TEXT NOT NULL REFERENCES project (id),
      view          TEXT NOT NULL,
      version       TEXT NOT NULL,
      text          TEXT NOT NULL,
      first_seen_at INTEGER NOT NULL,
      PRIMARY KEY (project_id, view, version)
    ) STRICT;
  `,
}
