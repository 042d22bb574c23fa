import { expect, test } from 'vitest';
import type { ContactMethodDraft } from '#server/contract/responder.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import { peopleWithAddress, verifiedAddresses } from '#server/modules/notify/inbound/verified-people.ts';
import { testId } from '#server/testkit/incidents.ts';

const [ada, ben] = [testId(1), testId(2)];
const method = (id: number, kind: ContactMethodDraft['kind'], address: string): ContactMethodDraft => ({
  id: testId(id),
  kind,
  address,
  label: '',
  channelId: null,
  enabled: true,
});

function responder(id: string, contactMethods: ContactMethodDraft[], verified: Record<string, string>) {
  const state = Object.entries(verified).map(([key, address]) => [key, { at: '2026-11-21T00:00:00.000Z', address }]);
  return { id, draft: { contactMethods }, state: { verified: Object.fromEntries(state) } };
}

const items = [
  responder(
    ada,
    [
      method(11, 'sms', '+491'),
      method(12, 'email', 'ada@example.com'),
      method(13, 'sms', '+492'),
      method(14, 'voice', '+493'),
    ],
    { [testId(11)]: '+491', [testId(12)]: 'old@example.com', [testId(14)]: '+493' },
  ),
  responder(ben, [method(21, 'voice', '+491')], { [testId(21)]: '+491' }),
];
const config = {
  list: () => ({ items }),
  get: (_kind: string, id: string) => items.find((item) => item.id === id) ?? null,
} as unknown as PagingConfig;

test('a number is found for texts and for calls, also when two people share it', () => {
  expect(peopleWithAddress(config, ['sms', 'voice'], '+491')).toEqual([ada, ben]);
  expect(peopleWithAddress(config, ['sms'], '+491')).toEqual([ada]);
});

test('neither an unproven number, nor an address that changed after its proof, nor an empty one is anybody’s', () => {
  expect(peopleWithAddress(config, ['sms', 'voice'], '+492')).toEqual([]);
  expect(peopleWithAddress(config, ['sms', 'voice'], '')).toEqual([]);
  expect(verifiedAddresses(config, ['email'], ada)).toEqual([]);
  expect(verifiedAddresses(config, ['voice'], ada)).toEqual(['+493']);
  expect(verifiedAddresses(config, ['sms'], testId(99))).toEqual([]);
});
