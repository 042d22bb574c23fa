import { expect, it } from 'vitest';
import { defaultPagingSettings, VersionedPagingSettings } from '#server/contract/paging-settings.ts';
import { changedSince, type Changes, conflictWords, decideChange } from '#server/contract/setting-changes.ts';
import { settingsOf } from '#server/contract/settings.ts';
import { testId } from '#server/testkit/incidents.ts';

const at = '2026-11-21T13:00:00.000Z';
const [mara, diego] = [testId(1), testId(2)];
const names = ['colour', 'sizes'] as const;
type Name = (typeof names)[number];
interface Shop extends Changes<Name> {
  colour: string;
  sizes: number[];
}
const untouched: Shop = { colour: 'red', sizes: [1], version: 0, changes: {} };

function changed(...steps: Partial<Pick<Shop, Name>>[]): Shop {
  return steps.reduce<Shop>((before, change, step) => {
    const by = step % 2 === 0 ? mara : diego;
    const decided = decideChange(names, before, change, { baseVersion: null, at, by });
    return decided.kind === 'changed' ? decided.next : before;
  }, untouched);
}

it('marks what was changed, and nothing else, with who did it', () => {
  const now = changed({ colour: 'blue', sizes: [1] }, { sizes: [2, 3] });
  expect(now).toEqual({
    colour: 'blue',
    sizes: [2, 3],
    version: 2,
    changes: { colour: { version: 1, at, by: mara }, sizes: { version: 2, at, by: diego } },
  });
  expect(decideChange(names, now, { colour: 'blue' }, { baseVersion: 0, at, by: diego })).toEqual({ kind: 'same' });
  expect(changedSince(names, 1, now)).toEqual([{ name: 'sizes', by: diego, at }]);
  expect(changedSince(['colour'], 1, now)).toEqual([]);
});

it('is refused where somebody changed the same after the version on the screen, by the newest of them', () => {
  const now = changed({ colour: 'blue' }, { sizes: [2] });
  const decide = (baseVersion: number | null) =>
    decideChange(names, now, { colour: 'green', sizes: [9] }, { baseVersion, at, by: mara });
  expect(decide(0)).toEqual({ kind: 'conflict', names: ['colour', 'sizes'], by: diego, at });
  expect(decide(1)).toMatchObject({ kind: 'conflict', names: ['sizes'] });
  expect(decide(2)).toMatchObject({ kind: 'changed', names: ['colour', 'sizes'] });
  expect(decide(null).kind).toBe('changed');
});

it('is read without what a newer server beside this one knows of', () => {
  const changes = { organisationName: { version: 1, at, by: mara }, colour: { version: 2, at, by: diego } };
  const stored = { organisationName: 'Acme', colour: 'red', version: 2, changes };
  expect(settingsOf(stored)).toMatchObject({ version: 2, changes: { organisationName: changes.organisationName } });
  expect(settingsOf(stored).changes).not.toHaveProperty('colour');
  expect(VersionedPagingSettings.parse({ ...defaultPagingSettings, version: 2, changes }).changes).toEqual({});
});

it('is told with who, what and when', () => {
  expect(conflictWords(['the colour', 'the sizes'], at, 'Mara')).toBe(
    'Mara changed the colour and the sizes at 21 Nov 13:00 UTC, after you had opened it. Nothing of yours was saved: look at it as it is now, and change it again.',
  );
});
