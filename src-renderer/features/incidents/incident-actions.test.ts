import { describe, expect, it } from 'vitest';
import { whyNot } from '../../api/can.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { keyCatalog } from '../../ui/key-catalog.ts';
import { incidentActions, type IncidentActing, withoutIncident } from './incident-actions.ts';

/** UX.md 2: what a key does to the focused item, and what the commander has beside it. */
const focusedKeys = ['a', 'e', 's', 'r', 'n', 't', 'u', 'l', 'z'];
const commanderKeys = ['Shift+A', 'Shift+O', 'Shift+H'];

function acting(done: string[], reachable = true): IncidentActing {
  return {
    meId: 'me',
    can: (kind, incident) => whyNot(kind, { role: 'responder', reachable }, incident),
    escalate: { label: 'escalate to Diego', unavailable: null },
    firing: 1,
    muted: false,
    acknowledge: () => done.push('acknowledge'),
    open: ({ kind }) => done.push(kind),
    write: (field) => done.push(field),
    severity: () => done.push('severity'),
    silence: () => done.push('silence'),
    mute: () => done.push('mute'),
  };
}

const keysOf = (commands: readonly { id: string }[]) => commands.map(({ id }) => keyCatalog[id]?.keys);

describe('the keys of an incident', () => {
  const mine = sampleIncident('i1', {
    status: 'triggered',
    severity: 'sev1',
    roles: [{ role: 'commander', userId: 'me', since: '2026-11-22T05:00:00.000Z', offer: null }],
  });

  it('are those of the specification, each does its one thing, and none is missing', () => {
    const done: string[] = [];
    const commands = incidentActions(mine, acting(done));
    expect(keysOf(commands)).toEqual(expect.arrayContaining([...focusedKeys, ...commanderKeys]));
    for (const { id, unavailable, run } of commands) {
      expect([id, unavailable ?? null]).toEqual([id, null]);
      run();
    }
    expect(done.toSorted()).toEqual(
      [
        'acknowledge',
        'ask',
        'escalate',
        'message',
        'mute',
        'note',
        'offer',
        'poll',
        'resolve',
        'role',
        'severity',
        'silence',
        'task',
        'update',
      ].toSorted(),
    );
  });

  it('name their reason where they cannot act: state, network, nothing to act on', () => {
    const reasons = (incident = mine, reachable = true, firing = 1) =>
      Object.fromEntries(
        incidentActions(incident, { ...acting([], reachable), firing }).map(({ id, unavailable }) => [
          id,
          unavailable ?? null,
        ]),
      );
    expect(reasons({ ...mine, status: 'acknowledged' })['acknowledge']).toBe('It is already acknowledged.');
    expect(reasons({ ...mine, roles: [] })['hand-over']).toBe('you hold no role here');
    expect(reasons(mine, true, 0)['snooze']).toBe('none of its alerts fires');
    const offline = reasons(mine, false);
    // UX.md 5: refused with the reason …
    for (const id of ['update', 'role', 'ask', 'poll', 'hand-over', 'resolve', 'snooze'])
      expect(offline[id]).toMatch(/^Not while offline: /);
    // … queued, or asked about when old.
    for (const id of ['acknowledge', 'severity', 'note', 'task', 'message']) expect(offline[id]).toBeNull();
    expect(reasons({ ...mine, severity: 'sev3' }, false)['resolve']).toBeNull();
  });

  it('stay listed with the reason where no incident is focused', () => {
    const commands = withoutIncident('no incident is focused');
    expect(keysOf(commands)).toEqual(expect.arrayContaining([...focusedKeys, ...commanderKeys, 'Shift+U']));
    expect(commands.every(({ unavailable }) => unavailable === 'no incident is focused')).toBe(true);
  });
});
