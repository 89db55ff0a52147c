import type { Migration } from './migration.ts'

export const alerts: Migration = {
  number: 20,
  name: 'alerts',
  sql: `
    -- What is remembered of each check between its readings.
    CREATE TABLE alert_memory (
      project_id TEXT NOT NULL,
      monitor    TEXT NOT NULL,
      check_name TEXT NOT NULL,
      memory     TEXT NOT NULL CHECK (json_valid(memory)),
      PRIMARY KEY (project_id, monitor, check_name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alert (
      id              TEXT PRIMARY KEY,
      project_id      TEXT NOT NULL,
      monitor         TEXT NOT NULL,
      check_name      TEXT NOT NULL,
      endpoint        TEXT NOT NULL,
      severity        TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
      worst           TEXT NOT NULL CHECK (worst IN ('warning', 'critical')),
      raised_at       INTEGER NOT NULL,
      changed_at      INTEGER NOT NULL,
      cleared_at      INTEGER,
      cleared_because TEXT CHECK (cleared_because IN ('recovered', 'gone')),
      acknowledged    TEXT CHECK (json_valid(acknowledged)),
      reading         TEXT NOT NULL CHECK (json_valid(reading)),
      desktop         INTEGER NOT NULL CHECK (desktop IN (0, 1))
    ) STRICT, WITHOUT ROWID;
    -- Why a check has at most one open alert at every moment.
    CREATE UNIQUE INDEX alert_open ON alert (project_id, monitor, check_name) WHERE cleared_at IS NULL;
    CREATE INDEX alert_by_endpoint ON alert (endpoint, id);

    -- The history: added to, never changed.
    CREATE TABLE alert_event (
      id       INTEGER PRIMARY KEY,
      alert_id TEXT NOT NULL REFERENCES alert (id),
      at       INTEGER NOT NULL,
      kind     TEXT NOT NULL,
      detail   TEXT NOT NULL CHECK (json_valid(detail))
    ) STRICT;
    CREATE INDEX alert_event_by_alert ON alert_event (alert_id, id);
    CREATE TRIGGER alert_event_no_update BEFORE UPDATE ON alert_event
      BEGIN SELECT RAISE(ABORT, 'the history of an alert is append-only'); END;

    -- The outbox: written in the transaction of what it tells, so that a kill forgets nothing.
    CREATE TABLE alert_delivery (
      id           TEXT PRIMARY KEY,
      alert_id     TEXT NOT NULL REFERENCES alert (id),
      -- Canonical JSON: the deliveries of one alert to one receiver keep their order.
      receiver     TEXT NOT NULL CHECK (json_valid(receiver)),
      about        TEXT NOT NULL CHECK (about IN ('raised', 'escalated', 'eased', 'cleared')),
      body         TEXT NOT NULL CHECK (json_valid(body)),
      state        TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
      attempts     INTEGER NOT NULL DEFAULT 0,
      created_at   INTEGER NOT NULL,
      next_at      INTEGER NOT NULL,
      problem      TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_delivery_by_alert ON alert_delivery (alert_id, id);
    CREATE INDEX alert_delivery_pending ON alert_delivery (next_at) WHERE state = 'pending';
    CREATE INDEX alert_delivery_failed ON alert_delivery (alert_id) WHERE state = 'failed';

    -- What an alert has set off by itself: once each. Pending while outcome is null.
    CREATE TABLE alert_act (
      alert_id TEXT NOT NULL REFERENCES alert (id),
      act      TEXT NOT NULL CHECK (act IN ('roll-back')),
      outcome  TEXT CHECK (outcome IN ('done', 'refused')),
      PRIMARY KEY (alert_id, act)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE webhook (
      name             TEXT PRIMARY KEY,
      url              TEXT NOT NULL,
      -- What bodies are signed with: needed as it is, so it cannot be a hash. The file is readable by its user alone.
      secret           TEXT NOT NULL,
      allow_link_local INTEGER NOT NULL CHECK (allow_link_local IN (0, 1)),
      created_at       INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
