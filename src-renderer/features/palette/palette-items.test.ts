import { expect, it } from 'vitest';
import type { ActiveCommand } from '../../ui/commands.ts';
import type { EntityEntry } from './entries.ts';
import { type PaletteGroup, paletteGroups } from './palette-items.ts';
import { withRecent } from './palette-store.ts';
import { visitedKey } from './visited.ts';

const command = (id: string, change: Partial<ActiveCommand> = {}): ActiveCommand => ({
  id,
  keys: null,
  label: id,
  run: () => undefined,
  ...change,
});
const about = { entity: 'incident' as const, id: '1', title: 'INC-2041 Checkout failing' };
const person: EntityEntry = {
  key: 'user:1',
  section: 'people',
  title: 'Mara Lindqvist',
  detail: 'mara, responder',
  handicap: 0,
  to: '#/people/1',
  icon: 'person',
};
const control = (title: string, detail: string) => ({
  key: `screen:${title}`,
  section: 'screen' as const,
  title,
  detail,
  handicap: 0.3,
  unavailable: null as string | null,
  run: () => undefined,
});
const sources = {
  commands: [
    command('list.next', { keys: 'j', label: 'next' }),
    command('palette.open', { keys: '$mod+k' }),
    command('go.alerts', { keys: 'g a', label: 'Alerts', group: 'Go to' }),
    command('incident.rename', { label: 'rename', about }),
    command('acknowledge', { keys: 'a', about }),
    command('escalate', { keys: 'e', about, unavailable: 'needs connection' }),
    command('declare', { keys: 'd', label: 'declare incident', keywords: 'outage' }),
    command('save', { keys: '$mod+Enter' }),
  ],
  entries: [person],
  controls: [
    control('Acknowledge', 'INC-2041'),
    control('Copy the configuration', 'Prometheus'),
    { ...control('Rotate the key', 'Prometheus'), unavailable: 'Not possible now: needs the role manager' },
  ],
  recent: ['user:1', 'command:save', 'user:gone'],
  entryOf: (key: string) => (key === person.key ? person : null),
};
const drawn = (groups: PaletteGroup[]) => groups.map(({ heading, items }) => [heading, ...items.map(({ key }) => key)]);

it('opens with what can be done about the focused item, then the rest, recent ones first, then where to go', () => {
  expect(drawn(paletteGroups('', sources))).toEqual([
    ['INC-2041 Checkout failing', 'command:acknowledge', 'command:escalate', 'command:incident.rename'],
    ['Commands', 'command:save', 'command:declare'],
    ['Recent', 'user:1'],
    ['Go to', 'command:go.alerts'],
  ]);
});

it('lists what cannot be done with the reason, and every row with the keys it has now', () => {
  const items = paletteGroups('', sources).flatMap((group) => group.items);
  expect(items.find(({ key }) => key === 'command:escalate')).toMatchObject({
    unavailable: 'needs connection',
    keys: 'e',
  });
});

it.each([
  ['mar', 'user:1'],
  ['outage', 'command:declare'],
  ['next', 'command:list.next'],
  // By the name it has under Settings, whatever the screen calls it.
  ['declare an', 'command:declare'],
])('%j finds %s first', (query, key) => {
  expect(paletteGroups(query, sources)[0]?.items[0]?.key).toBe(key);
});

it('reaches whatever else stands on the screen, once something is typed, with the reason why it cannot be pressed', () => {
  const found = (query: string) => paletteGroups(query, sources).flatMap((group) => group.items);
  expect(found('copy config')[0]).toMatchObject({ key: 'screen:Copy the configuration', detail: 'Prometheus' });
  expect(found('rotate')[0]?.unavailable).toBe('Not possible now: needs the role manager');
  // What is a command is offered once, as that: with its key.
  expect(found('acknowledge').filter(({ title }) => title.toLowerCase() === 'acknowledge')).toMatchObject([
    { key: 'command:acknowledge', keys: 'a' },
  ]);
});

it('never offers itself', () => {
  expect(drawn(paletteGroups('palette', sources)).flat()).not.toContain('command:palette.open');
});

it('keeps what was looked at by name, newest first and once', () => {
  expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
  expect(
    withRecent(
      Array.from({ length: 30 }, (_, i) => `${i}`),
      'x',
    ),
  ).toHaveLength(12);
  expect(visitedKey('/incidents/1', new URLSearchParams())).toBe('incident:1');
  expect(visitedKey('/alerts', new URLSearchParams({ peek: '2' }))).toBe('alert:2');
  expect(visitedKey('/policies/new', new URLSearchParams())).toBeNull();
  expect(visitedKey('/incidents', new URLSearchParams())).toBeNull();
});
