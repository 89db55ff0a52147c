import type { Migration } from './migration.ts'

export const approvalRollouts: Migration = {
  number: 23,
  name: 'approval-rollouts',
  sql: `
    -- How an approved version comes to an endpoint, as JSON; null: in place of what answers, at once.
    ALTER TABLE approval_endpoint ADD COLUMN rollout TEXT;
  `,
}
