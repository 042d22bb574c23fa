import { describe, expect, it } from 'vitest';
import type { Responder } from '#server/contract/responder.ts';
import { checkProfile, formOf, verificationOf } from './profile-draft.ts';
import { reachWarnings, rulePlaces, rulesWords } from './profile-words.ts';

const id = (place: number): string => `00000000-0000-7000-8000-00000000000${place}`;
const [desktop, text, call] = [id(1), id(2), id(3)];
const method = { label: '', channelId: null, enabled: true };
const responder: Responder = {
  id: id(9),
  version: 2,
  findings: [],
  updatedAt: '2026-11-20T00:00:00.000Z',
  updatedBy: null,
  origin: 'ui',
  timeZone: 'Europe/Berlin',
  contactMethods: [
    { ...method, id: desktop, kind: 'desktop', address: '', verifiedAt: null },
    { ...method, id: text, kind: 'sms', address: '+49301234567', verifiedAt: '2026-11-01T00:00:00.000Z' },
    { ...method, id: call, kind: 'voice', address: '+49301234567', verifiedAt: null },
  ],
  rules: {
    default: [{ methodId: desktop, delayMinutes: 0 }],
    important: [
      { methodId: desktop, delayMinutes: 0 },
      { methodId: call, delayMinutes: 5 },
      { methodId: text, delayMinutes: 2 },
    ],
  },
  quietHours: { from: '22:00', to: '07:00' },
  doNotDisturb: { until: '2026-11-22T07:00:00.000Z', importantPass: true },
};

describe('a profile in words', () => {
  it('says each way and when it follows', () => {
    expect(rulesWords(responder.rules.important, responder.contactMethods)).toBe(
      'Desktop now, text after 2 min, call after 5 min',
    );
    expect(rulesWords([], [])).toBe('Desktop now, because no rule says otherwise');
  });

  it('puts what happens in the same minute at one place', () => {
    const rules = [...responder.rules.important, { methodId: text, delayMinutes: 5 }];
    expect(rulePlaces(rules, responder.contactMethods)).toEqual([
      { minute: 0, kinds: ['desktop'] },
      { minute: 2, kinds: ['sms'] },
      { minute: 5, kinds: ['voice', 'sms'] },
    ]);
  });

  it('warns of one way only, and of ways that are passed over', () => {
    expect(reachWarnings(undefined)).toEqual(['Can be reached by the desktop only: there is no profile yet.']);
    expect(reachWarnings(responder)).toEqual([
      'Phone call to +49301234567 is not verified, so its rules are passed over.',
    ]);
    const [first, second] = responder.contactMethods;
    const off = { ...responder, contactMethods: [first, { ...second, enabled: false }] as Responder['contactMethods'] };
    expect(reachWarnings(off)).toEqual([
      'Can be reached in one way only.',
      'Text message to +49301234567 is switched off, so its rules are passed over.',
    ]);
  });

  it('counts a number as one way, whether it is called or texted', () => {
    const rules = { default: [{ methodId: text, delayMinutes: 0 }], important: [{ methodId: call, delayMinutes: 0 }] };
    const methods = responder.contactMethods.map((each) => ({ ...each, verifiedAt: '2026-11-01T00:00:00.000Z' }));
    expect(reachWarnings({ contactMethods: methods, rules })).toEqual(['Can be reached in one way only.']);
  });
});

describe('a profile in its form', () => {
  it('comes back as it went in', () => {
    const { draft, errors } = checkProfile(formOf(responder, 'UTC', id(8)));
    expect(errors).toEqual({});
    const { timeZone, rules, quietHours, doNotDisturb } = responder;
    const contactMethods = responder.contactMethods.map(({ verifiedAt: _v, ...rest }) => rest);
    expect(draft).toEqual({ timeZone, contactMethods, rules, quietHours, doNotDisturb });
  });

  it('starts a new one with the desktop, so that nobody is unreachable by omission', () => {
    const { draft } = checkProfile(formOf(null, 'UTC', desktop));
    expect(draft?.rules.important).toEqual([{ methodId: desktop, delayMinutes: 0 }]);
  });

  it('names each address and delay that does not hold up', () => {
    const form = formOf(responder, 'UTC', id(8));
    const methods = form.methods.map((each) => (each.id === text ? { ...each, address: '030 1234567' } : each));
    const important = form.rules.important.map((rule) => ({ ...rule, delay: '300' }));
    const { draft, errors } = checkProfile({
      ...form,
      methods,
      rules: { ...form.rules, important },
      timeZone: 'Nowhere',
    });
    expect(draft).toBeNull();
    expect(Object.keys(errors).toSorted()).toEqual([
      `method:${text}`,
      'rule:important:0',
      'rule:important:1',
      'rule:important:2',
      'timeZone',
    ]);
  });

  it('takes spaces out of a number', () => {
    const form = formOf(responder, 'UTC', id(8));
    const methods = form.methods.map((each) => (each.id === text ? { ...each, address: '+49 (30) 123-4567' } : each));
    expect(checkProfile({ ...form, methods }).draft?.contactMethods[1]?.address).toBe('+49301234567');
  });

  it('asks for a new proof of a new address', () => {
    const [first, second, third] = formOf(responder, 'UTC', id(8)).methods;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three methods');
    expect([first, second, third].map((each) => verificationOf(each, responder))).toEqual([
      'not-needed',
      'verified',
      'unverified',
    ]);
    expect(verificationOf({ ...second, address: '+4930999999' }, responder)).toBe('unsaved');
    expect(verificationOf(second, undefined)).toBe('unsaved');
  });
});
