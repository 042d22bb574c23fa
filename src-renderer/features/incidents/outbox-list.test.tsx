import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Action } from '#server/contract/intent.ts';
import type { OutboxItem } from '../../replica/outbox/outbox.ts';
import { type Session, SessionProvider } from '../../session.tsx';
import { sampleIncidentIds } from '../../testkit/sample-ids.ts';
import { OutboxList } from './outbox-list.tsx';

const incidentId = sampleIncidentIds.checkout;

const item = (place: number, state: OutboxItem['state'], action: Action): OutboxItem => ({
  intent: { id: `${place}`, at: '2026-11-21T14:00:00.000Z', baseVersion: null, dependsOn: null, action },
  place,
  state,
  attempts: 0,
  confirmed: false,
  madeAt: 0,
  reason: null,
  version: null,
  current: null,
});

const drawn = (items: OutboxItem[]): string =>
  renderToStaticMarkup(
    <SessionProvider session={{ replica: { outbox: {} } } as Session}>
      <OutboxList items={items} inRoom />
    </SessionProvider>,
  );

it('lists what needs a yes above what leaves by itself, so that no press on it is lost', () => {
  const note = item(1, 'queued', {
    kind: 'incident.note',
    incidentId,
    entryId: incidentId,
    text: 'Made before it',
    at: null,
  });
  const old = item(2, 'waiting', { kind: 'incident.acknowledge', incidentId });
  const upToYes = (items: OutboxItem[]): string | undefined => /^.*Yes, send it/.exec(drawn(items))?.[0];
  expect(drawn([note, old])).toMatch(/Needs your yes.*Yes, send it.*1 waiting, sent in this order.*Made before it/);
  expect(upToYes([note, old])).toBe(upToYes([old]));
});

it('offers to give up what was sent and got no answer, and to discard only what was not', () => {
  const offers = (state: OutboxItem['state'], attempts: number): string =>
    (/(Discard|Give up on it)<\/button>/.exec(
      drawn([{ ...item(1, state, { kind: 'incident.acknowledge', incidentId }), attempts }]),
    ) ?? [])[1] ?? '';
  expect([offers('queued', 0), offers('waiting', 0)]).toEqual(['Discard', 'Discard']);
  expect([offers('queued', 1), offers('waiting', 3)]).toEqual(['Give up on it', 'Give up on it']);
});
