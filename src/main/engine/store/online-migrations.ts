import type { Migration } from './migrations/migration.ts'

/** Of `online.db`, which holds nothing that cannot be made again from the data of the projects. Append-only, in order. */
export const onlineMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'online features',
    sql: `
      -- One version of a feature view of a project.
      CREATE TABLE online_view (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id      TEXT NOT NULL,
        view            TEXT NOT NULL,
        version         TEXT NOT NULL,
        -- As it was materialised, so that what was served can be computed again after the file has changed.
        definition      TEXT NOT NULL CHECK (json_valid(definition)),
        -- The types of the entity columns, in the order of the definition.
        key_types       TEXT NOT NULL CHECK (json_valid(key_types)),
        -- Every row with an event time up to here that was known by materialized_at has landed. Null: not yet whole.
        watermark       INTEGER,
        materialized_at INTEGER,
        entities        INTEGER NOT NULL DEFAULT 0,
        -- How many entities have an event time in which span, so that their age is told without reading them.
        event_times     TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(event_times)),
        -- What the source files looked like when it was last whole, and when a row of theirs becomes known next.
        sources         TEXT,
        next_known_at   INTEGER,
        -- How far a materialisation that did not come to its end has come.
        checkpoint      TEXT CHECK (json_valid(checkpoint)),
        UNIQUE (project_id, view, version)
      ) STRICT;

      -- The names and types of the features in the order in which values are written. The columns of a query may change
      -- with the data although its text stays.
      CREATE TABLE online_layout (
        id       INTEGER PRIMARY KEY,
        features TEXT NOT NULL UNIQUE CHECK (json_valid(features))
      ) STRICT;

      -- The newest known values of an entity.
      CREATE TABLE online_value (
        view_id    INTEGER NOT NULL REFERENCES online_view (id) ON DELETE CASCADE,
        -- JSON list of the entity's key values as texts.
        entity     TEXT NOT NULL,
        event_time INTEGER NOT NULL,
        known_at   INTEGER NOT NULL,
        layout_id  INTEGER NOT NULL REFERENCES online_layout (id),
        -- JSON list of the values.
        content    TEXT NOT NULL,
        PRIMARY KEY (view_id, entity)
      ) STRICT, WITHOUT ROWID;
    `,
  },
]
