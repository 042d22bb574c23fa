import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import type { ContactMethodDraft, ResponderDraft } from '#server/contract/responder.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import type { CheckWorld, PagingConfig } from '#server/modules/config/state.ts';
import { carriers } from '#server/modules/notify/planning/carriers.ts';
import { contactLabel } from '#server/modules/notify/planning/contact-label.ts';
import { createResponderCheck } from '#server/modules/responders/check.ts';
import { createResponders } from '#server/modules/responders/service.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { testId } from '#server/testkit/incidents.ts';
import { anActor } from '#server/testkit/people.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const userId = testId(1);
const sms: ContactMethodDraft = {
  id: testId(2),
  kind: 'sms',
  address: '+491511234567',
  label: '',
  channelId: null,
  enabled: true,
};
const desktop: ContactMethodDraft = { ...sms, id: testId(3), kind: 'desktop', address: '' };
const draft: ResponderDraft = {
  timeZone: 'UTC',
  contactMethods: [desktop, sms],
  rules: {
    important: [
      { methodId: desktop.id, delayMinutes: 0 },
      { methodId: sms.id, delayMinutes: 1 },
    ],
    default: [{ methodId: desktop.id, delayMinutes: 0 }],
  },
  quietHours: null,
  doNotDisturb: null,
};

function configOf(
  profile: ResponderDraft,
  verified: Record<string, { at: string; address: string }> = {},
  channels: unknown[] = [{ id: testId(20), draft: { kind: 'twilio', enabled: true } }],
): PagingConfig {
  return {
    revision: 1,
    list: () => ({ $documents: 'channel@1', items: channels }) as never,
    get: () => ({ draft: profile, state: { verified } }) as never,
  };
}

describe('codes', () => {
  let database: Database;
  let drop: () => Promise<void>;
  let clock: FakeClock;
  let sent: { address: string; code: string | null; purpose: string }[];
  let verified: Record<string, { at: string; address: string }>;
  let profile: ResponderDraft;
  beforeEach(async () => {
    ({ database, drop } = await makeDatabase());
    clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
    sent = [];
    verified = {};
    profile = draft;
    const at = new Date(clock.now()).toISOString();
    await database.withTransaction((tx) =>
      peopleStore.insertUser(tx, { id: userId, login: 'ada', name: 'Ada', role: 'responder', at }),
    );
  });
  afterEach(() => drop());

  const responders = () =>
    createResponders({
      database,
      config: { current: () => Promise.resolve(configOf(profile, verified)) },
      people: peopleStore,
      direct: {
        toPerson: (to, { code, purpose }) => {
          sent.push({ address: to.address, code, purpose });
          return Promise.resolve({ ok: true, text: 'taken', elapsedMs: 1 });
        },
      },
      contactLabel,
      markVerified: (_tx, at, proof) => {
        verified[proof.methodId] = { at, address: proof.address };
        return Promise.resolve();
      },
      connectedUsers: () => [],
      clock,
      random: createSeededRandom(sent.length + 1, clock),
    });
  const ada = anActor({ userId, role: 'responder' });
  const which = { userId, methodId: sms.id };

  test('the code that was sent proves the address; it is stored as a hash only', async () => {
    const service = responders();
    await service.sendCode(ada, which);
    expect(sent).toMatchObject([{ address: sms.address, purpose: 'verify' }]);
    expect(sent[0]!.code).toMatch(/^\d{6}$/);
    const [row] = await database.query<{ text: string }>(
      'SELECT contact_verification::text AS text FROM contact_verification',
    );
    expect(row!.text).not.toContain(sent[0]!.code);
    await service.confirmCode(ada, { ...which, code: sent[0]!.code! });
    expect(verified[sms.id]).toMatchObject({ address: sms.address });
    // Used up.
    await expect(service.confirmCode(ada, { ...which, code: sent[0]!.code! })).rejects.toThrow('no code');
  });

  test('five wrong ones use it up, also at once; then the right one does not count any more', async () => {
    const service = responders();
    await service.sendCode(ada, which);
    const right = sent[0]!.code!;
    const wrong = right === '000000' ? '000001' : '000000';
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => service.confirmCode(ada, { ...which, code: wrong })),
    );
    expect(tries.filter((one) => String((one as PromiseRejectedResult).reason).includes('not the code'))).toHaveLength(
      5,
    );
    await expect(service.confirmCode(ada, { ...which, code: right })).rejects.toThrow('too many');
    expect(verified).toEqual({});
  });

  test('it lives ten minutes, and not for another address', async () => {
    const service = responders();
    await service.sendCode(ada, which);
    const code = sent[0]!.code!;
    profile = { ...draft, contactMethods: [desktop, { ...sms, address: '+4915100000000' }] };
    await expect(service.confirmCode(ada, { ...which, code })).rejects.toThrow('no code');
    profile = draft;
    clock.advance(600_000);
    await expect(service.confirmCode(ada, { ...which, code })).rejects.toThrow('no code');
  });

  test('one a minute, and only for oneself unless one is a manager', async () => {
    const service = responders();
    await service.sendCode(ada, which);
    await expect(service.sendCode(ada, which)).rejects.toThrow('60 s');
    clock.advance(60_000);
    await service.sendCode(ada, which);
    const other = anActor({ userId: testId(9), role: 'responder' });
    await expect(service.sendCode(other, which)).rejects.toThrow('somebody else');
    await expect(service.confirmCode(other, { ...which, code: '123456' })).rejects.toThrow('somebody else');
    clock.advance(60_000);
    await service.sendCode(anActor({ userId: testId(9), role: 'manager' }), which);
    await expect(service.sendCode(ada, { userId, methodId: desktop.id })).rejects.toThrow('no code');
  });

  test('a test page names each way and what became of it; an unverified one is not used', async () => {
    expect(await responders().sendTest(anActor(), userId)).toMatchObject([
      { methodId: desktop.id, ok: false },
      { methodId: sms.id, ok: false, text: 'It is not verified, so it is never used.', label: 'text to +49 … 67' },
    ]);
    verified = { [sms.id]: { at: '', address: sms.address } };
    expect(await responders().sendTest(anActor(), userId)).toMatchObject([{}, { ok: true }]);
    expect(sent).toMatchObject([{ purpose: 'test' }]);
  });

  test('a test page is for oneself unless one is a manager, and one in 30 seconds', async () => {
    const service = responders();
    await service.sendTest(ada, userId);
    await expect(service.sendTest(ada, userId)).rejects.toThrow('30 s');
    clock.advance(30_000);
    await expect(service.sendTest(anActor({ userId: testId(9), role: 'responder' }), userId)).rejects.toThrow(
      'somebody else',
    );
    await service.sendTest(anActor({ userId: testId(9), role: 'manager' }), userId);
  });
});

describe('check', () => {
  const check = createResponderCheck({
    carriers,
    addressFault: (_kind, address) => (address.includes('bad') ? 'is bad' : null),
    outgoing: { fault: (url) => Promise.resolve(url.includes('10.') ? 'is private' : null) },
  });
  const proof = { [sms.id]: { at: '', address: sms.address } };
  async function codes(profile: ResponderDraft, verified = {}, channels?: unknown[]): Promise<string[]> {
    const world = { id: userId, config: configOf(profile, verified, channels) } as unknown as CheckWorld;
    return (await check(profile, world)).map((finding) => `${finding.level} ${finding.code}`);
  }

  test('two ways that work need no word', async () => {
    expect(await codes(draft, proof)).toEqual([]);
  });

  test.each<[string, Partial<ResponderDraft>, string[]]>([
    [
      'a rule that names nothing',
      { rules: { ...draft.rules, default: [{ methodId: testId(77), delayMinutes: 0 }] } },
      ['error unknown-method'],
    ],
    [
      'a number without its country',
      { contactMethods: [desktop, { ...sms, address: '01511234567' }] },
      ['error address'],
    ],
    [
      'an address the channel refuses',
      { contactMethods: [desktop, { ...sms, kind: 'email', address: 'bad' }] },
      ['error address'],
    ],
    [
      'a webhook inside',
      { contactMethods: [desktop, { ...sms, kind: 'webhook', address: 'https://10.0.0.1/' }] },
      ['error address'],
    ],
    [
      'important pages that begin later',
      {
        rules: {
          important: [
            { methodId: desktop.id, delayMinutes: 5 },
            { methodId: sms.id, delayMinutes: 9 },
          ],
          default: draft.rules.default,
        },
      },
      ['warning important-slower'],
    ],
    [
      'one way alone',
      { contactMethods: [desktop], rules: { important: draft.rules.default, default: draft.rules.default } },
      ['warning no-second-way'],
    ],
    ['no rules', { rules: { ...draft.rules, default: [] } }, ['warning no-rules']],
  ])('%s', async (_words, change, expected) => {
    expect(await codes({ ...draft, ...change }, proof)).toEqual(expected);
  });

  test('a way that is not verified, or that nothing carries, is no second way', async () => {
    expect(await codes(draft)).toEqual(['warning unverified', 'warning no-second-way']);
    expect(await codes(draft, proof, [])).toEqual(['warning dead-channel', 'warning no-second-way']);
  });
});
