import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown from 'react-markdown';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { postmortemMarkdown, type ReviewFacts } from '#server/modules/postmortems/markdown.ts';
import { anAlert, anIncident, testId } from '#server/testkit/incidents.ts';

const mara = testId(601);
const diego = testId(602);

function entry(n: number, fields: Partial<TimelineEntry>): TimelineEntry {
  const at = `2026-11-21T12:0${n}:00.000Z`;
  return {
    id: testId(300 + n),
    version: 1,
    incidentId: testId(1),
    at,
    recordedAt: at,
    kind: 'status',
    source: 'person',
    actorId: mara,
    actor: 'Mara',
    text: 'Mara acknowledged',
    detail: null,
    alertId: null,
    starred: false,
    ...fields,
  };
}

const facts: ReviewFacts = {
  incident: anIncident({
    number: 42,
    impact: 'Nobody can pay',
    status: 'resolved',
    acknowledgedAt: '2026-11-21T12:00:41.000Z',
    acknowledgedBy: mara,
    mitigatedAt: '2026-11-21T12:23:00.000Z',
    resolvedAt: '2026-11-21T14:05:00.000Z',
    alertCount: 120,
    services: ['checkout', 'payments'],
    roles: [{ role: 'commander', userId: mara, since: null, offer: null }],
    ruleId: testId(9),
  }),
  timeline: [
    entry(3, { kind: 'update', text: 'We roll back' }),
    entry(1, {}),
    entry(2, {
      kind: 'note',
      text: 'Saw it in the log\n# not a heading',
      starred: true,
      detail: 'Dated by Mara',
      recordedAt: '2026-11-21T12:30:00.000Z',
    }),
  ],
  tasks: [],
  alerts: [
    anAlert({
      title: 'Slow | queue',
      severity: 'sev3',
      count: 4,
      resolvedAt: '2026-11-21T14:00:00.000Z',
      status: 'resolved',
    }),
    anAlert({ id: testId(102), title: 'Database down', severity: 'sev1', groupReason: 'same service' }),
  ],
  changes: [
    {
      id: testId(801),
      version: 1,
      at: '2026-11-21T11:58:00.000Z',
      title: 'payments 4.18.0',
      service: 'payments',
      source: 'events-v2',
      integrationId: testId(900),
      links: [],
    },
  ],
  postmortem: {
    id: testId(701),
    version: 2,
    incidentId: testId(1),
    summary: 'The pool was **too small**.',
    causes: '',
    wentWell: '',
    wentBadly: '',
    followUps: [
      { id: testId(711), title: 'Raise the pool', ownerId: diego, dueAt: '2026-12-01T00:00:00.000Z', doneAt: null },
      { id: testId(712), title: 'Add an alert', ownerId: null, dueAt: null, doneAt: '2026-11-22T00:00:00.000Z' },
    ],
    updatedAt: '2026-11-21T15:00:00.000Z',
    updatedBy: mara,
  },
  names: new Map([
    [mara, 'Mara'],
    [diego, 'Diego'],
  ]),
};

describe('the review', () => {
  const text = postmortemMarkdown(facts);

  it('tells the facts: severity, times, roles, services, alerts', () => {
    expect(text).toContain('# INC-42: Checkout fails');
    for (const line of [
      '- **Severity:** SEV2',
      '- **Time to acknowledge:** 41 s',
      '- **Time to mitigate:** 23 min',
      '- **Time to resolve:** 2 h 5 min',
      '- **Commander:** Mara',
      '- **Services:** checkout, payments',
      '- **Alerts:** 120, sent 5 times',
      '- **Opened by:** a grouping rule',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('says of an open incident that something has not happened yet, of a closed one that it never did', () => {
    const bare = { acknowledgedAt: null, mitigatedAt: null };
    const open = anIncident({ ...facts.incident, ...bare, status: 'triggered', resolvedAt: null });
    expect(postmortemMarkdown({ ...facts, incident: open })).toContain('- **Time to acknowledge:** not yet');
    const closed = anIncident({ ...facts.incident, ...bare });
    expect(postmortemMarkdown({ ...facts, incident: closed })).toContain('- **Time to mitigate:** never');
  });

  it('has no table, which the screen and plain Markdown would show as pipes', () => {
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toEqual([]);
  });

  it('keeps what people wrote and says what is missing', () => {
    expect(text).toContain('The pool was **too small**.');
    expect(text).toContain('## Causes\n\nNot written yet.');
  });

  it('lists follow-ups with owner and due date', () => {
    expect(text).toContain('- [ ] Raise the pool (Diego, due 2026-12-01)\n- [x] Add an alert (no owner, no due date)');
  });

  it('has the timeline in the order of what happened, in UTC, with stars and what was dated back', () => {
    const lines = text.slice(text.indexOf('## Timeline'), text.indexOf('## Status updates')).split('\n');
    expect(lines.filter((line) => line !== '')).toEqual([
      '## Timeline (UTC)',
      '**2026-11-21**',
      '- 12:01:00 Mara acknowledged',
      '- 12:02:00 ★ Mara: Saw it in the log\\',
      '  \\# not a heading (recorded 2026-11-21 12:30:00)',
      '- 12:03:00 Mara posted an update: We roll back',
    ]);
  });

  it('shows the worst alerts first, why they were there, and how many are left out', () => {
    const rows = text
      .slice(text.indexOf('## Contributing alerts'))
      .split('\n')
      .filter((line) => line.startsWith('- **SEV'));
    expect(rows[0]).toMatch(/^- \*\*SEV1\*\* Database down .*same service$/);
    expect(rows[1]).toContain('Slow \\| queue');
    expect(text).toContain('And 118 more.');
  });

  it('names the changes around it', () => {
    expect(text).toContain('- 2026-11-21 11:58:00 payments 4.18.0 on payments (events-v2)');
  });

  it('is there before anybody wrote a word', () => {
    expect(postmortemMarkdown({ ...facts, postmortem: null, timeline: [], alerts: [], changes: [] })).toContain(
      'Nothing was recorded.',
    );
  });
});

describe('hostile text', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '![x](https://evil.example/p.png)',
    '[click](javascript:alert(1))',
    '# A heading of mine',
    '`code` *bold* __strong__ ~~gone~~',
    '\n\n# next line\n- item\n1. one\n> quote\n    code',
    '<https://evil.example>',
    '| a | b |\n|---|---|',
    '- [x] done',
    '&lt;b&gt; &copy;',
    '***\n---\n===',
    '\\[x](https://evil.example)',
    '\u202Etxt.exe\u0000\u0007',
  ];

  it.each(attacks)('%j stays text wherever an alert or a person can put it', (attack) => {
    const hostile: ReviewFacts = {
      ...facts,
      incident: anIncident({
        ...facts.incident,
        title: attack,
        impact: attack,
        services: [attack],
        roles: [{ role: attack, userId: mara, since: null, offer: null }],
      }),
      timeline: [
        entry(1, { text: attack, actor: attack }),
        entry(2, { kind: 'note', text: attack, actor: attack }),
        entry(3, { kind: 'update', text: attack, actor: attack }),
      ],
      alerts: [anAlert({ title: attack, service: attack, groupReason: attack })],
      changes: facts.changes.map((change) => ({ ...change, title: attack, service: attack, source: attack })),
      postmortem: {
        ...facts.postmortem!,
        followUps: [{ id: testId(711), title: attack, ownerId: mara, dueAt: null, doneAt: null }],
      },
      names: new Map([[mara, attack]]),
    };
    const harmless = elements({ ...hostile, ...plainText(hostile) });
    expect(elements(hostile)).toEqual(harmless);
  });

  it('in what people wrote as Markdown makes no HTML and loads no picture', () => {
    const summary = `${attacks.join('\n\n')}\n\n**fine**`;
    const html = render(postmortemMarkdown({ ...facts, postmortem: { ...facts.postmortem!, summary } }));
    expect(html).not.toMatch(/<(script|img)/);
    expect(html).toContain('<strong>fine</strong>');
  });
});

function render(markdown: string): string {
  return renderToStaticMarkup(createElement(Markdown, null, markdown));
}

/** Elements of the rendered page, but for line breaks, which a text of several lines may have. */
function elements(facts: ReviewFacts): string[] {
  return (render(postmortemMarkdown(facts)).match(/<[a-z0-9]+/g) ?? []).filter((tag) => tag !== '<br');
}

/** The same facts with a word wherever the attack was. */
function plainText(hostile: ReviewFacts): Partial<ReviewFacts> {
  const attack = hostile.incident.title;
  return JSON.parse(
    JSON.stringify({ ...hostile, names: undefined }).replaceAll(JSON.stringify(attack), '"word"'),
    (key, value: unknown) => (key === 'names' ? new Map([[mara, 'word']]) : value),
  ) as Partial<ReviewFacts>;
}
