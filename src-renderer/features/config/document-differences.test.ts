import { expect, it } from 'vitest';
import type { ConfigDraft } from '#server/contract/config.ts';
import { differenceWords } from './document-differences.ts';

const channel = { name: 'ops', kind: 'webhook' as const, enabled: true, settings: { url: 'https://a' } };
const mine: ConfigDraft = { kind: 'channel', draft: { ...channel, name: 'ops 2', secrets: { secret: 'typed' } } };

it('names the fields in which mine and theirs differ, and never a secret', () => {
  const theirs = { ...channel, settings: { url: 'https://b' }, id: 'c1', version: 4, secretNames: ['secret'] };
  expect(differenceWords(mine, theirs)).toBe('name and settings');
  expect(differenceWords(mine, { ...channel, name: 'ops 2' })).toBeNull();
});

it('says nothing of what was deleted', () => {
  expect(differenceWords(mine, null)).toBeNull();
});
