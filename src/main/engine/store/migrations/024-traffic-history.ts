import type { Migration } from './migration.ts'

export const trafficHistory: Migration = {
  number: 24,
  name: 'traffic-history',
  sql: `
    -- What endpoints were asked, minute by minute; of older times, hour by hour.
    CREATE TABLE traffic_history (
      endpoint  TEXT NOT NULL,
      at        INTEGER NOT NULL,
      span_ms   INTEGER NOT NULL,
      requests  INTEGER NOT NULL,
      errors    INTEGER NOT NULL,
      -- Pairs of bucket and count.
      latencies TEXT NOT NULL CHECK (json_valid(latencies)),
      PRIMARY KEY (endpoint, at, span_ms)
    ) STRICT;
    CREATE INDEX traffic_history_by_age ON traffic_history (span_ms, at);
  `,
}
