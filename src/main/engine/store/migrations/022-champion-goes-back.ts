import type { Migration } from './migration.ts'

export const championGoesBack: Migration = {
  number: 22,
  name: 'champion-goes-back',
  sql: `
    -- The evidence of a move that came with a roll-back: which revision was taken back where, and the rollout that it ended.
    ALTER TABLE alias_move ADD COLUMN endpoint TEXT REFERENCES endpoint (name);
    ALTER TABLE alias_move ADD COLUMN revision INTEGER;
    ALTER TABLE alias_move ADD COLUMN rollout_id TEXT REFERENCES rollout (id);
  `,
}
