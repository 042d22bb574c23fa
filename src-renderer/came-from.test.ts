import { expect, it } from 'vitest';
import { cameFrom, originOf, visitAddress } from './came-from.ts';

it('backs out of a detail to the list one came from, as it was', () => {
  expect(cameFrom()).toEqual({ to: '#/', label: 'Now' });
  for (const hash of ['#/incidents', '#/incidents/7', '#/incidents/7/timeline']) visitAddress(hash);
  expect(cameFrom()).toEqual({ to: '#/incidents', label: 'Incidents' });
  for (const hash of ['#/alerts?peek=3', '#/incidents/7']) visitAddress(hash);
  expect(cameFrom()).toEqual({ to: '#/alerts?peek=3', label: 'Alerts' });
  visitAddress('');
  expect(cameFrom()).toEqual({ to: '#/', label: 'Now' });
});

it.each(['#/incidents/7', '#/incidents/7/review', '#/policies/2', '#/settings', '#/timeline', '#/at/T-3f9a21bc'])(
  '%s is no list to go back to',
  (hash) => expect(originOf(hash)).toBeNull(),
);
