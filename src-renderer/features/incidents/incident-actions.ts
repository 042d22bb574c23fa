// What a key does to one incident, the same in its room and on every list where it is focused (UX.md 2). Pure: the room
// answers with its own fields and menus, a list with dialogs.
import type { ActionKind } from '#server/contract/intent.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import type { Command } from '../../ui/commands.ts';
import { roleHeldBy } from './incident-facts.ts';
import type { RoomDialog } from './room-dialog.ts';

/** Fields of the room that something is written into. */
export type RoomField = 'note' | 'update' | 'message';

export interface IncidentActing {
  meId: string;
  can: (kind: ActionKind, incident: Incident) => string | null;
  escalate: { label: string; unavailable: string | null };
  /** Alerts of it that fire and are not silenced. */
  firing: number;
  muted: boolean;
  acknowledge: () => void;
  open: (dialog: RoomDialog) => void;
  write: (field: RoomField) => void;
  severity: () => void;
  silence: () => void;
  mute: () => void;
}

export function incidentActions(incident: Incident, acting: IncidentActing): Command[] {
  const { can, open, write } = acting;
  const held = roleHeldBy(incident, acting.meId);
  return [
    {
      id: 'acknowledge',
      label: t`acknowledge`,
      unavailable: can('incident.acknowledge', incident),
      run: acting.acknowledge,
    },
    {
      id: 'escalate',
      label: acting.escalate.label,
      unavailable: acting.escalate.unavailable,
      run: () => open({ kind: 'escalate' }),
    },
    {
      id: 'update',
      label: t`update`,
      unavailable: can('incident.post-update', incident),
      run: () => write('update'),
    },
    { id: 'task', label: t`task`, unavailable: can('task.add', incident), run: () => open({ kind: 'task' }) },
    { id: 'note', label: t`note`, unavailable: can('incident.note', incident), run: () => write('note') },
    {
      id: 'message',
      label: t`message the room`,
      unavailable: can('chat.post', incident),
      run: () => write('message'),
    },
    {
      id: 'severity',
      label: t`severity`,
      unavailable: can('incident.set-severity', incident),
      run: acting.severity,
    },
    {
      id: 'role',
      label: t`take a role`,
      unavailable: can('incident.take-role', incident),
      run: () => open({ kind: 'role' }),
    },
    {
      id: 'ask',
      label: t`ask somebody, with a time`,
      unavailable: can('ask.add', incident),
      run: () => open({ kind: 'ask' }),
    },
    {
      id: 'poll',
      label: t`ask for objections`,
      unavailable: can('poll.open', incident),
      run: () => open({ kind: 'poll' }),
    },
    {
      id: 'hand-over',
      label: t`hand over`,
      unavailable: can('incident.offer-role', incident) ?? (held === null ? t`you hold no role here` : null),
      run: () => held !== null && open({ kind: 'offer', role: held }),
    },
    {
      id: 'resolve',
      label: t`resolve`,
      unavailable: can('incident.resolve', incident),
      run: () => open({ kind: 'resolve' }),
    },
    {
      id: 'snooze',
      label: t`silence its alerts`,
      keywords: 'snooze mute',
      unavailable: can('silence.save', incident) ?? (acting.firing === 0 ? t`none of its alerts fires` : null),
      run: acting.silence,
    },
    {
      id: 'mute',
      label: acting.muted ? t`unmute the incident` : t`mute the incident`,
      run: acting.mute,
    },
  ];
}

/** The same keys where no incident is focused: each says why it does nothing. */
export function withoutIncident(why: string): Command[] {
  const run = (): void => undefined;
  const labels: [id: string, label: string][] = [
    ['acknowledge', t`acknowledge`],
    ['escalate', t`escalate to…`],
    ['update', t`update`],
    ['update-now', t`update now`],
    ['task', t`task`],
    ['note', t`note`],
    ['severity', t`severity`],
    ['role', t`take a role`],
    ['ask', t`ask somebody, with a time`],
    ['poll', t`ask for objections`],
    ['hand-over', t`hand over`],
    ['resolve', t`resolve`],
    ['snooze', t`silence its alerts`],
  ];
  return labels.map(([id, label]) => ({ id, label, unavailable: why, run }));
}
