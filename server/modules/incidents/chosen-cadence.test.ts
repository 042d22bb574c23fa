import { expect, it } from 'vitest';
import { byChosenCadence } from '#server/modules/incidents/chosen-cadence.ts';
import { anIncident } from '#server/testkit/incidents.ts';

const at = '2026-11-21T13:00:00.000Z';
const cadence = { sev1: 10, sev2: 30, sev3: null, info: null };
const opened = { severity: 'sev1', version: 1, updateCadenceMinutes: 15, fieldVersions: { severity: 1 } } as const;
const due = (change: Parameters<typeof anIncident>[0]) => {
  const { updateCadenceMinutes, nextUpdateDueAt } = byChosenCadence(anIncident(change), cadence, at);
  return [updateCadenceMinutes, nextUpdateDueAt];
};

it('an incident that opens takes the cadence that was chosen', () => {
  expect(due({ ...opened, nextUpdateDueAt: '2026-11-21T13:15:00.000Z' })).toEqual([10, '2026-11-21T13:10:00.000Z']);
  expect(due({ ...opened, severity: 'sev3', updateCadenceMinutes: 60 })).toEqual([null, null]);
});

it('one whose severity changes counts from its last update, and what that makes late is due now', () => {
  const changed = { ...opened, version: 4, fieldVersions: { severity: 4 } };
  const said = (lastAt: string) => due({ ...changed, lastUpdate: { at: lastAt, by: null, text: 'x' } });
  expect(said('2026-11-21T12:55:00.000Z')).toEqual([10, '2026-11-21T13:05:00.000Z']);
  expect(said('2026-11-21T12:00:00.000Z')).toEqual([10, at]);
});

it('nothing else changes: not what keeps its severity, nor what is over', () => {
  const kept = anIncident({ ...opened, version: 5, fieldVersions: { severity: 4 } });
  expect(byChosenCadence(kept, cadence, at)).toBe(kept);
  expect(due({ ...opened, status: 'resolved', nextUpdateDueAt: null })).toEqual([10, null]);
});
