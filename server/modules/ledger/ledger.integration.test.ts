import { beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import type { Actor } from '#server/api/context.ts';
import type { SilenceCheck } from '#server/modules/routing/decide-hold.ts';
import { configHistory } from '#server/modules/config/history-store.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { firstState, withDocuments } from '#server/modules/config/paging-config.ts';
import { configStore } from '#server/modules/config/store.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { createLedger } from '#server/modules/ledger/service.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { onCallOf } from '#server/modules/ledger/why-minute.ts';
import { createTrace, type DecisionTable } from '#server/modules/ledger/trace.ts';
import { factsBetween } from '#server/modules/oncall/facts.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { createTryPaging } from '#server/modules/routing/try-paging.ts';
import { decisions } from '#server/paging/decisions.ts';
import { anActor } from '#server/testkit/people.ts';
import { testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const database = await testDatabase();
const [ann, ben, team, policy, route, incident, page] = [1, 2, 9, 30, 40, 100, 200].map(testId) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const at = (s: number) => new Date(Date.UTC(2026, 10, 21, 14, 31, 20) + s * 1_000).toISOString();
const reader = createConfigReader();
const clock = { ...createSystemClock(), now: () => Date.parse(at(60)) };
const names = new Map([
  [ann, 'Ann'],
  [ben, 'Ben'],
]);
let ids = 500;
const newId = () => testId((ids += 1));

function ledgerOf(change: Partial<typeof decisions> = {}) {
  return createLedger({
    database,
    decisions: { ...decisions, ...change } as unknown as DecisionTable,
    history: configHistory,
    names: async () => names,
    onCallAt: async () => onCallOf([{ id: testId(90), draft: { name: 'primary' } }], []),
    mode: () => 'live',
    clock,
  });
}
const anyone = anActor({ userId: ann, teamIds: [] });

async function save(kind: 'route' | 'policy', id: string, draft: unknown, state: unknown = {}): Promise<void> {
  await database.withTransaction((tx) =>
    configStore.write(tx, at(0), { save: [{ kind, id, draft, state, findings: [], origin: 'ui', by: null } as never] }),
  );
}
const policyDraft = (userId: string, delayMinutes = 5) => ({
  name: 'payments-critical',
  description: '',
  teamId: null,
  repeat: 0,
  acknowledgementsNeeded: 1,
  pageAgain: 'severity-rises',
  workingHours: null,
  steps: [
    {
      id: testId(31),
      targets: [{ type: 'user', id: userId }],
      roundRobin: false,
      delayMinutes,
      when: { severities: [], hours: 'any' },
      priority: 'by-route',
    },
  ],
});

/** An incident that paged Ann, with the real decisions on the real configuration. */
async function paged(restrictedTo: string[] | null = null): Promise<void> {
  await save('policy', policy, policyDraft(ann));
  await save(
    'route',
    route,
    {
      name: 'payments',
      enabled: true,
      condition: 'alert.severity == "sev1"',
      policyId: policy,
      priority: 'by-severity',
      channelIds: [],
      service: '',
      holdSeconds: 0,
    },
    { position: 0, builtIn: true },
  );
  const config = await reader.current(database);
  await database.query(
    `INSERT INTO incident (id, number, title, severity, status, started_at, restricted_to, alert_count, services) VALUES ($1, 2041, 'Checkout fails', 'sev1', 'triggered', $2, $3, 1, '{payments}')`,
    [incident, at(0), restrictedTo],
  );
  const alert = {
    title: 'Checkout fails',
    severity: 'sev1',
    service: 'payments',
    source: 'declared',
    fingerprint: '',
    labels: { env: 'prod' },
    annotations: {},
  };
  const subject = {
    alert,
    incident: { title: 'Checkout fails', severity: 'sev1', services: ['payments'], declared: true, alertCount: 1 },
  };
  const trace = createTrace({
    decisions: decisions as unknown as DecisionTable,
    incidentId: incident,
    at: at(1),
    newId,
  }) as unknown as ReturnType<typeof createTrace<typeof decisions>>;
  trace.observe('trigger', { number: 2041 }, { title: 'INC-2041 Checkout fails, SEV1', detail: 'the incident opened' });
  const routed = trace.decide('route', { subject, routes: config.list('route') }, (output) => ({
    title: `Rule ${output.position} of 1 chose the policy`,
    detail: 'payments-critical, version 1',
  }));
  trace.decide(
    'hold',
    {
      incidentId: incident,
      subject,
      firing: 0,
      suppressed: 0,
      silences: [] as SilenceCheck[],
      inhibitions: config.list('inhibition'),
      causes: [],
    },
    (output) => ({ title: 'No silence held it back', detail: output.text }),
  );
  const step = trace.decide(
    'step',
    {
      policy: config.get('policy', routed.policyId ?? '')!,
      place: { stepId: null, index: 0, loop: 0 },
      severity: 'sev1',
      dueAt: at(1),
      at: at(1),
      turns: {},
    },
    () => ({ title: 'Step 1', detail: '' }),
  );
  if (step.result !== 'fire') throw new Error('it did not fire');
  const person = (id: string, disabled: boolean) => ({ id, name: names.get(id) ?? '', disabled, teamIds: [] });
  trace.decide(
    'recipients',
    {
      targets: [...step.targets, { type: 'user', id: ben }],
      schedules: [],
      teams: [],
      people: [person(ann, false), person(ben, true)],
      channels: [],
      acknowledgedBy: [],
      pagedNow: { userIds: [], channelIds: [] },
      restrictedTo: null,
    },
    () => ({ title: 'It goes to Ann', detail: '' }),
  );
  trace.decide(
    'plan',
    {
      target: { type: 'user', id: ann, responder: null },
      priority: 'important',
      channels: config.list('channel'),
      at: at(2),
    },
    () => ({ title: 'Desktop at once', detail: '' }),
    { pageId: page, userId: ann },
  );
  const notification = testId(300);
  trace.observe(
    'attempt',
    { notificationId: notification, response: '\0 nonsense \ud800' },
    { title: 'desktop', detail: 'shown to 1 client \0' },
    { pageId: page, userId: ann },
  );
  await database.withTransaction(async (tx) => {
    await ledgerStore.append(tx, trace.entries);
    await tx.query(
      `INSERT INTO page (id, version, number, incident_id, user_id, policy_id, run, step, loop, priority, reason, at, late, status) VALUES ($1, 1, 8821, $2, $3, $4, 1, 0, 0, 'important', 'step 1 of payments-critical', $5, false, 'open')`,
      [page, incident, ann, policy, at(2)],
    );
    await tx.query(
      `INSERT INTO notification (id, page_id, incident_id, user_id, via, address, label, priority, place, planned_at, due_at, status, sent_at, attempts) VALUES ($1, $2, $3, $4, 'desktop', '', 'desktop', 'important', 0, $5, $5, 'delivered', $5, 1)`,
      [notification, page, incident, ann, at(2)],
    );
    await tx.query(
      `INSERT INTO escalation (id, version, run, status, reason, priority, step, step_count, loop, next_at, acknowledgements_needed, seen, changed) VALUES ($1, 1, 1, 'waiting', 'step 1 fired', 'important', 1, 3, 0, $2, 1, '{}', false)`,
      [incident, at(301)],
    );
  });
}

beforeEach(() =>
  database.query(
    'TRUNCATE ledger_entry, ledger_turn, escalation, notification, page, alert, alert_event, silence, incident, config_document, config_version, grouping_rule CASCADE',
  ),
);

describe('“Why was I paged?”', () => {
  it('is answered in three sentences, with every step, attempt, what comes next, and who else was asked', async () => {
    await paged();
    const why = await ledgerOf().why(anyone, { pageId: page });
    expect(why.answer).toEqual([
      'INC-2041 Checkout fails, SEV1: the incident opened at 14:31:21 UTC on 2026-11-21.',
      'Rule 1 of 1 chose the policy (payments-critical, version 1), and step 1 of payments-critical paged you.',
      'You were paged 1 s later by desktop, and you have not answered yet.',
    ]);
    expect(why.steps.map((step) => step.kind)).toEqual([
      'trigger',
      'route',
      'hold',
      'step',
      'recipients',
      'plan',
      'attempt',
    ]);
    expect(why.steps[1]?.rows).toEqual([
      { label: '1', text: 'alert.severity == "sev1"', result: 'match', chosen: true },
    ]);
    expect(why.attempts).toMatchObject([{ via: 'desktop', status: 'delivered', answer: 'shown to 1 client \uFFFD' }]);
    expect(why.next).toEqual({ at: at(301), text: 'If nobody answers: step 2 of 3' });
    expect(why.others).toEqual([
      { userId: ben, name: 'Ben', paged: false, why: 'named in the step; the account is disabled' },
    ]);
    expect(why.record).toMatchObject({ entries: 7 });
  });

  it('and why another was not, with the decision that left them out', async () => {
    await paged();
    const why = await ledgerOf().why(anyone, { incidentId: incident, userId: ben });
    expect(why.answer[0]).toContain('did not page Ben');
    expect(why.answer[1]).toBe('named in the step; the account is disabled.');
  });

  it('is not found for who may not see the incident, by whatever way it is asked', async () => {
    await paged([team]);
    const ledger = ledgerOf();
    const asked: (() => Promise<unknown>)[] = [
      () => ledger.why(anyone, { pageId: page }),
      () => ledger.why(anyone, { incidentId: incident }),
      () => ledger.entries(anyone, { incidentId: incident }, { cursor: null, limit: 10 }),
      () => ledger.entries(anyone, { pageId: page }, { cursor: null, limit: 10 }),
      () => ledger.replay(anyone, { incidentNumber: 2041 }),
    ];
    for (const one of asked) await expect(one()).rejects.toMatchObject({ code: 'not-found' });
    expect((await ledger.entries(anyone, { from: at(0), to: at(60) }, { cursor: null, limit: 10 })).items).toEqual([]);
    expect((await ledger.why(anyone, { at: at(1) })).steps).toEqual([]);
    expect(await ledger.replay(anyone, { days: 1 })).toMatchObject({ entries: 0 });
    const member: Actor = { ...anyone, teamIds: [team] };
    expect((await ledger.why(member, { pageId: page })).page?.id).toBe(page);
    expect(await ledger.replay(member, { days: 1 })).toMatchObject({ entries: 7, same: 5 });
  });
});

describe('“Why was nobody?”', () => {
  const alert = async (fields: Record<string, unknown>) => {
    const row = {
      id: testId(700),
      version: 1,
      integration_id: testId(701),
      dedup_key: 'k',
      fingerprint: 'f',
      status: 'firing',
      severity: 'sev2',
      source: 'generic',
      title: 'disk',
      labels: {},
      annotations: {},
      count: 1,
      first_seen_at: at(0),
      last_seen_at: at(0),
      flapping: false,
      transitions: [],
      ...fields,
    };
    await database.query('INSERT INTO alert SELECT * FROM jsonb_populate_record(NULL::alert, $1::jsonb)', [
      JSON.stringify(row),
    ]);
    await database.query(
      `INSERT INTO alert_event (id, alert_id, at, kind, cause) VALUES ($1, $2, $3, 'fired', 'generic sent it')`,
      [testId(702), row.id, at(0)],
    );
  };

  it('names the silence', async () => {
    await database.query(
      `INSERT INTO silence (id, kind, matcher, starts_at, ends_at, reason, created_at) VALUES ($1, 'silence', 'true', $2, $3, 'nightly export', $2)`,
      [testId(710), at(0), at(3_600)],
    );
    await alert({ suppressed_by: testId(710) });
    const why = await ledgerOf().why(anyone, { alertId: testId(700) });
    expect(why.answer[1]).toBe('The silence “nightly export” holds it back until 15:31:20 UTC on 2026-11-21.');
    expect(why.steps).toMatchObject([{ kind: 'alert', title: 'The alert fired', detail: 'generic sent it' }]);
  });

  it('says that it waits for its group', async () => {
    await database.query(
      `INSERT INTO grouping_rule (id, position, name, enabled, condition, keys, window_seconds, minimum_count, title_template, severity_map, resolve_policy, reopen_seconds, updated_at) VALUES ($1, 0, 'noise', true, 'true', '{}', 300, 5, '', '{}', 'all', 0, $2)`,
      [testId(720), at(0)],
    );
    await alert({ rule_id: testId(720), group_key: 'g' });
    const { answer } = await ledgerOf().why(anyone, { alertId: testId(700) });
    expect(answer[1]).toContain('the rule “noise” opens an incident at 5 alerts within 300 s, and there is 1');
  });

  it('says that a route pages nobody, that all steps were done, that paging is paused', async () => {
    await database.query(
      `INSERT INTO incident (id, number, title, severity, status, started_at) VALUES ($1, 7, 'x', 'info', 'triggered', $2)`,
      [incident, at(0)],
    );
    const put = (status: string, reason: string) =>
      database.query(
        `INSERT INTO escalation (id, version, run, status, reason, priority, step, step_count, loop, acknowledgements_needed, seen, changed) VALUES ($1, 1, 1, $2, $3, 'default', 0, 0, 0, 1, '{}', false) ON CONFLICT (id) DO UPDATE SET status = $2, reason = $3`,
        [incident, status, reason],
      );
    await put('nobody', 'rule 9, info, pages nobody');
    expect((await ledgerOf().why(anyone, { incidentId: incident })).answer).toContain('rule 9, info, pages nobody.');
    await put('exhausted', 'every step of payments was done, and nobody acknowledged');
    expect((await ledgerOf().why(anyone, { incidentId: incident })).answer[1]).toContain(
      'every step of payments was done',
    );
  });

  it('of a minute tells who was on call and what happened', async () => {
    await paged();
    const why = await ledgerOf().why(anyone, { at: at(5) });
    expect(why.answer[0]).toContain('one page was made: Ann');
    expect(why.answer[1]).toContain('Nobody was on call: primary had a gap');
    expect(why.onCall).toEqual([{ schedule: 'primary', people: [], explanation: 'nobody: a gap' }]);
    expect((await ledgerOf().why(anyone, { at: at(-600) })).answer[2]).toContain(
      'Nothing happened in it that could page anybody',
    );
  });
});

describe('replay', () => {
  it('reaches the same decisions after the configuration changed and was deleted', async () => {
    await paged();
    await save('policy', policy, policyDraft(ben, 1));
    await database.withTransaction((tx) =>
      configStore.write(tx, at(9), { remove: [{ kind: 'policy', id: policy, origin: 'ui', by: null }] }),
    );
    expect(await ledgerOf().replay(anyone, { incidentNumber: 2041 })).toMatchObject({
      entries: 7,
      same: 5,
      observations: 2,
      different: [],
      missing: [],
    });
  });

  it('shows a program that decides otherwise, and a version that is lost', async () => {
    await paged();
    const other = ledgerOf({ step: () => ({ result: 'exhausted', skipped: [] }) });
    expect((await other.replay(anyone, { incidentId: incident })).different).toMatchObject([
      { kind: 'step', got: '{"result":"exhausted","skipped":[]}' },
    ]);
    await database.query(`DELETE FROM config_version WHERE kind = 'policy'`);
    expect((await ledgerOf().replay(anyone, { incidentId: incident })).missing).toEqual([
      { reference: expect.stringContaining(`policy/${policy}@`), sequences: [expect.any(Number)] },
    ]);
  });
});

describe('what is kept', () => {
  const open = () => paged().then(() => database.query('TRUNCATE ledger_entry, ledger_turn'));
  const observed = (count: number, words = { title: 'seen', detail: '' }) => {
    const trace = createTrace({ decisions, incidentId: incident, at: at(2), newId });
    for (let n = 0; n < count; n += 1) trace.observe('trigger', { n }, words);
    return trace.entries;
  };
  const append = (entries: ReturnType<typeof observed>) =>
    database.withTransaction((tx) => ledgerStore.append(tx, entries));
  const numbers = (items: readonly { input: unknown }[]) => items.map((item) => (item.input as { n: number }).n);

  it('texts come back as they were, alone and empty ones too; what cannot be stored is marked', async () => {
    await open();
    await append(observed(1, { title: '', detail: '' }));
    await append(observed(1, { title: 'a\u001fb\u001ec\u001dd', detail: '\0\ud800' }));
    const { items } = await ledgerOf().entries(anyone, { incidentId: incident }, { cursor: null, limit: 10 });
    expect(items.map(({ title, detail, pageId, userId }) => ({ title, detail, pageId, userId }))).toEqual([
      { title: '', detail: '', pageId: null, userId: null },
      { title: 'a\uFFFDb\uFFFDc\uFFFDd', detail: '\uFFFD\uFFFD', pageId: null, userId: null },
    ]);
  });

  it('one look of any length reads page by page in its order, between what came before and after', async () => {
    await open();
    await append([...observed(1), ...observed(150)]);
    await append(observed(1));
    const ledger = ledgerOf();
    const all: number[] = [];
    const sequences: number[] = [];
    for (let cursor: string | null = null; ;) {
      const part = await ledger.entries(anyone, { from: at(0), to: at(60) }, { cursor, limit: 40 });
      all.push(...numbers(part.items));
      sequences.push(...part.items.map((item) => item.sequence));
      cursor = part.nextCursor;
      if (cursor === null) break;
    }
    expect(all).toEqual([0, ...Array.from({ length: 150 }, (_, n) => n), 0]);
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
    const [rows] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM ledger_turn');
    expect(rows?.n).toBe(4);
  });

  it('what was written one row an entry, by an older server, reads and replays between the rest', async () => {
    await paged();
    await database.query(
      `INSERT INTO ledger_entry (id, at, incident_id, page_id, user_id, kind, title, detail, input, output)
       SELECT id, at, incident_id, page_id, user_id, kind, title, detail, input, output FROM ledger ORDER BY sequence`,
    );
    await append(observed(1));
    const { items } = await ledgerOf().entries(anyone, { incidentId: incident }, { cursor: null, limit: 50 });
    const told = items.map((entry) => ({ ...entry, sequence: 0 }));
    expect(told.slice(7, 14)).toEqual(told.slice(0, 7));
    expect(numbers(items.slice(14))).toEqual([0]);
    expect(await ledgerOf().replay(anyone, { incidentNumber: 2041 })).toMatchObject({
      entries: 15,
      same: 10,
      observations: 5,
      different: [],
      missing: [],
    });
    expect((await ledgerOf().why(anyone, { pageId: page })).page?.id).toBe(page);
  });
});

describe('the time machine on what really happened', () => {
  const trials = createTryPaging({
    database,
    config: reader,
    history: configHistory,
    people: async () => ({
      people: [ann, ben].map((id) => ({ id, name: id, disabled: false, teamIds: [] })),
      teams: [],
    }),
    calendars: { read: () => null },
    decisions: { step: decideStep, recipients: decideRecipients },
    oncall: { shiftsBetween, factsBetween },
    drafts: { withDocuments, firstState },
    clock,
  });
  const edited = (draft: unknown) => [{ op: 'save', id: policy, document: { kind: 'policy', draft } }] as never;

  it('shows the same input under another policy, an older version, and a route that pages nobody', async () => {
    await paged();
    const same = await trials.tryPolicy(anyone, { incidentId: incident, changes: edited(policyDraft(ann)) });
    expect(same).toMatchObject({ same: true, before: [{ userId: ann, at: at(0) }], after: [{ userId: ann }] });
    const other = await trials.tryPolicy(anyone, { incidentId: incident, changes: edited(policyDraft(ben)) });
    expect(other).toMatchObject({ same: false, after: [{ userId: ben }] });
    await save('policy', policy, policyDraft(ben));
    const older = await trials.tryPolicy(anyone, {
      incidentId: incident,
      changes: [{ op: 'version', kind: 'policy', id: policy, version: 1 }],
    });
    expect(older).toMatchObject({ same: false, before: [{ userId: ben }], after: [{ userId: ann }] });
    const days = await trials.tryDraft(anyone, { changes: [{ op: 'delete', kind: 'policy', id: policy }], days: 1 });
    expect(days).toMatchObject({ incidents: 1, alerts: 1, pagesBefore: 1, pagesAfter: 0, removed: 1, missed: 1 });
    expect(await database.query('SELECT count(*) FROM page')).toEqual([{ count: 1 }]);
  });

  it('leaves out what the asker may not see, and refuses a condition that cannot be compiled', async () => {
    await paged([team]);
    await expect(
      trials.tryPolicy(anyone, { incidentId: incident, changes: edited(policyDraft(ben)) }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await trials.tryDraft(anyone, { changes: edited(policyDraft(ben)), days: 1 })).toMatchObject({
      incidents: 0,
    });
    const broken = [
      {
        op: 'save',
        id: route,
        document: {
          kind: 'route',
          draft: {
            name: 'x',
            enabled: true,
            condition: 'alert.',
            policyId: null,
            priority: 'default',
            channelIds: [],
            service: '',
            holdSeconds: 0,
          },
        },
      },
    ] as never;
    await expect(trials.tryDraft(anyone, { changes: broken, days: 1 })).rejects.toMatchObject({ code: 'invalid' });
  });
});
