import { expect, test } from 'vitest';
import { firstRelease, helloOf } from '#server/contract/client.ts';
import type { Change, EntityName } from '#server/contract/replica.ts';
import { createClientView } from '#server/modules/replica/client-view.ts';

const id = '00000000-0000-7000-8000-000000000001';

function put(entity: EntityName, body: object): Change {
  return { op: 'put', entity, id, version: 3, body };
}

test('a client that says nothing of itself gets no kind of row that came after the first release', () => {
  const view = createClientView(undefined);
  for (const entity of firstRelease.entities) expect(view.reads(entity)).toBe(true);
  expect(view.reads('chat')).toBe(false);
  expect(view.fit(put('chat', { id, text: 'hello' }))).toBeNull();
  expect(view.fit({ op: 'delete', entity: 'chat', id, version: 4 })).toBeNull();
});

test('a word that a client does not know is said in one that it knows, and others get it as it is', () => {
  const body = { id, kind: 'hologram', text: 'seen' };
  const hello = helloOf('0.2.0');
  expect(createClientView(undefined).fit(put('timeline', body))).toEqual(put('timeline', { ...body, kind: 'note' }));
  const newer = { ...hello, values: { ...hello.values, 'timeline.kind': ['note', 'hologram'] } };
  expect(createClientView(newer).fit(put('timeline', body))).toEqual(put('timeline', body));
  expect(body.kind).toBe('hologram');
});

test('words deep in a row are found, and a row without them is handed on untouched', () => {
  const page = { id, notifications: [{ via: 'desktop' }, { via: 'carrier-pigeon' }] };
  const fitted = createClientView(undefined).fit(put('page', page));
  expect(fitted).toEqual(put('page', { id, notifications: [{ via: 'desktop' }, { via: 'webhook' }] }));
  const plain = put('incident', { id, title: 'Checkout' });
  expect(createClientView(undefined).fit(plain)).toBe(plain);
});

test('a row that no older word describes is gone for an older client, as if it were not its to see', () => {
  const channel = put('channel', { id, kind: 'carrier-pigeon', settings: {} });
  expect(createClientView(undefined).fit(channel)).toEqual({ op: 'delete', entity: 'channel', id, version: 3 });
});

test('a client of this version reads everything', () => {
  const view = createClientView(helloOf('0.2.0'));
  for (const entity of helloOf('0.2.0').entities) expect(view.reads(entity as EntityName)).toBe(true);
});
