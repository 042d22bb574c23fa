import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Action } from '#server/contract/intent.ts';
import type { OutboxItem } from '../../replica/outbox.ts';
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
