import type { StatusUpdate } from '#server/contract/status-update.ts';
import { createPartStore } from '#server/database/incident-parts.ts';
import type { StatusUpdateStore } from '#server/modules/incidents/status-updates/state.ts';
import { defineTable } from '#server/database/table.ts';

const table = defineTable<StatusUpdate>('status_update', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  number: 'number',
  text: 'text',
  nextInMinutes: 'next_in_minutes',
  statusPages: 'status_pages',
  lists: 'lists',
  openly: 'openly',
  state: 'state',
  writtenBy: 'written_by',
  writtenAt: 'written_at',
  approverId: 'approver_id',
  decidedBy: 'decided_by',
  decidedAt: 'decided_at',
  decision: 'decision',
  deliveries: 'deliveries',
});

const part = createPartStore('statusUpdate', table, (update) => update, 'status_update');

export const statusUpdateStore: StatusUpdateStore = {
  ...part,

  async nextNumber(tx, incidentId) {
    const { rows } = await tx.query<{ number: number }>({
      name: 'status-update-number',
      text: `SELECT coalesce(max(number), 0) + 1 AS number FROM status_update WHERE incident_id = $1`,
      values: [incidentId],
    });
    return rows[0]?.number ?? 1;
  },

  async newestSent(tx, incidentId) {
    const { rows } = await tx.query<{ id: string }>({
      name: 'status-update-newest',
      text: `SELECT id FROM status_update WHERE incident_id = $1 AND state = 'sent'
             ORDER BY coalesce(decided_at, written_at) DESC, number DESC LIMIT 1`,
      values: [incidentId],
    });
    return rows[0]?.id ?? null;
  },
};

/** Updates of the incidents that are replicated. */
export const readStatusUpdatesForReplica = part.readForReplica;
