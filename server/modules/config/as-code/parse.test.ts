import { expect, test } from 'vitest';
import { parseConfigFile } from '#server/modules/config/as-code/parse.ts';

function firstError(text: string): { path: string; reason: string } {
  const parsed = parseConfigFile(text);
  if (parsed.ok) throw new Error('it was taken');
  return parsed.errors[0] ?? { path: '', reason: '' };
}

test.each([
  ['an anchor', 'teams:\n  a: &x {}\n', 'teams.a (line 2)', 'Anchors'],
  ['an alias', 'teams:\n  a: *x\n', 'teams.a (line 2)', 'Aliases'],
  [
    'a bomb of aliases',
    `a: &a [x]\n${'bcdefgh'
      .split('')
      .map((k, i) => `${k}: &${k} [${'*a,'.repeat(9).replaceAll('a', 'abcdefg'[i] ?? 'a')}]`)
      .join('\n')}`,
    'a (line 1)',
    'Anchors',
  ],
  ['a merge key', 'teams:\n  a: { <<: {} }\n', 'teams.a (line 2)', 'Merge keys'],
  ['the same key twice', 'teams:\n  a: {}\n  a: {}\n', 'teams.a (line 3)', 'twice'],
  ['the same name in two documents', 'teams: { a: {} }\n---\nteams: { a: {} }\n', 'teams.a', 'another document'],
  ['a tag', 'teams: !code {}\n', 'teams (line 1)', 'tag'],
  ['a list at the top', '- a\n', 'line 1', 'map'],
  ['broken text', 'teams: [\n', 'line', ''],
  ['an unknown section', 'scheduls: {}\n', 'scheduls (line 1)', 'Did you mean schedules?'],
  [
    'an unknown key',
    'monitors:\n  a: { severity: sev1, intervalSecond: 60 }\n',
    'monitors.a.intervalSecond',
    'is missing',
  ],
  [
    'a secret written down',
    'channels:\n  a: { kind: slack, secrets: { token: xoxb } }\n',
    'channels.a.secrets.token (line 2)',
    '',
  ],
  [
    'a wrong time',
    'schedules:\n  a: { timeZone: Mars/Base, layers: [] }\n',
    'schedules.a.timeZone (line 2)',
    'time zone',
  ],
  ['a prototype', '__proto__: { a: 1 }\n', 'file (line 1)', 'cannot be used'],
])('%s is refused with its place', (_what, text, path, reason) => {
  const error = firstError(text);
  expect(error.path).toContain(path);
  expect(error.reason).toContain(reason);
});

test('the nearest known name is offered for an unknown key', () => {
  const parsed = parseConfigFile('monitors:\n  a: { severity: sev1, intervalSeconds: 60, grace: 5 }\n');
  expect(parsed).toMatchObject({ ok: false });
  const typo = parseConfigFile('monitors:\n  a: { severity: sev1, intervalSeconds: 60, graceSecond: 5 }\n');
  expect(typo.ok ? '' : typo.errors[0]?.reason).toContain('Did you mean graceSeconds?');
});

test('what is large or deep is refused quickly', () => {
  for (const text of [
    '['.repeat(20_000),
    '- '.repeat(30_000),
    'a: '.concat('{a: '.repeat(10_000)),
    '!'.repeat(100_000),
    'x'.repeat(1_100_000),
  ]) {
    const error = firstError(text);
    expect(error.reason.length).toBeLessThan(300);
  }
  // Doubles are found in one pass: with as many keys as fit, this is still a matter of a second or two.
  const many = `teams:\n${Array.from({ length: 5_000 }, (_, i) => `  k${i}: {}`).join('\n')}\n  k7: {}\n`;
  expect(firstError(many).path).toBe('teams.k7 (line 5002)');
}, 20_000);

test('documents count as one file', () => {
  const parsed = parseConfigFile('teams: { a: {} }\n---\nteams: { b: {} }\nroutes: []\n---\n# nothing\n');
  expect(parsed.ok && Object.keys(parsed.file.value.teams ?? {})).toEqual(['a', 'b']);
});

test('what is unknown is answered with the names of its own place, and what is missing with its kind', () => {
  const hours = '{ timeZone: Europe/Berlin, windows: [] }';
  const parsed = parseConfigFile(
    `policies:\n  a:\n    workingHours: ${hours}\n    steps: [{ targets: [{ schedule: x }], wait: 5 }]\n`,
  );
  const reasons = parsed.ok ? [] : parsed.errors.map(({ path, reason }) => `${path}: ${reason}`);
  expect(reasons).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/workingHours\.days: It is missing; it has to be a list\.$/),
      expect.stringMatching(/workingHours\.windows .*There are timeZone, days, from, to\.$/),
      expect.stringMatching(/steps\[0\]\.wait .*There are targets, roundRobin, delayMinutes,/),
    ]),
  );
});
