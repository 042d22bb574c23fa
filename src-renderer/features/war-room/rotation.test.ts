import { describe, expect, it } from 'vitest';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { newestEvent } from './rotation.ts';

describe('what pins the timeline', () => {
  it('is the newest thing that happened to an incident on the wall', () => {
    const roles = [{ role: 'commander', userId: null, since: '2026-11-21T14:13:00.000Z', offer: null }];
    const incident = sampleIncident('a', { acknowledgedAt: '2026-11-21T14:09:00.000Z', roles });
    expect(newestEvent([incident])).toBe(Date.parse('2026-11-21T14:13:00.000Z'));
    expect(newestEvent([])).toBe(0);
  });
});
