import { describe, expect, it } from 'vitest';
import { isQuiet, reasonToSuppress, wordsFor } from './notification-rules.ts';

const night = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' };
const at = (text: string) => new Date(text);

describe('quiet hours', () => {
  it('are those of the person, also over midnight and the change of the clocks', () => {
    expect(isQuiet(night, at('2026-11-21T21:00:00Z'))).toBe(true);
    expect(isQuiet(night, at('2026-11-21T20:59:00Z'))).toBe(false);
    expect(isQuiet(night, at('2026-11-22T05:59:00Z'))).toBe(true);
    expect(isQuiet(night, at('2026-11-22T06:00:00Z'))).toBe(false);
    // Summer: an hour earlier in UTC.
    expect(isQuiet(night, at('2026-07-01T20:00:00Z'))).toBe(true);
    expect(isQuiet({ ...night, from: '13:00', to: '14:00' }, at('2026-11-21T12:30:00Z'))).toBe(true);
    expect(isQuiet({ ...night, from: '13:00', to: '14:00' }, at('2026-11-21T13:00:00Z'))).toBe(false);
  });

  it.each([
    ['direct', true, 'it is quiet until 07:00'],
    ['direct', null, 'it is quiet until 07:00'],
    ['page', true, null],
    ['page', null, null],
    ['page', false, 'it is quiet until 07:00, and you are not on call'],
  ] as const)('hold a %s back, on call %s: %s', (tier, onCall, reason) => {
    const circumstances = { windowFocused: false, quiet: night, now: at('2026-11-21T23:00:00Z'), onCall };
    expect(reasonToSuppress({ tier, visible: false }, circumstances)).toBe(reason);
    expect(reasonToSuppress({ tier, visible: false }, { ...circumstances, quiet: null })).toBe(null);
    expect(reasonToSuppress({ tier, visible: false, outcome: true }, circumstances)).toBe(null);
  });

  it('come after what is muted or on screen', () => {
    const day = { windowFocused: true, quiet: null, now: at('2026-11-21T12:00:00Z'), onCall: true };
    expect(reasonToSuppress({ tier: 'page', visible: false, muted: true }, day)).toBe('you muted it');
    expect(reasonToSuppress({ tier: 'page', visible: true }, day)).toContain('on screen');
    expect(reasonToSuppress({ tier: 'page', visible: true }, { ...day, windowFocused: false })).toBe(null);
  });
});

describe('the words on a locked screen', () => {
  const page = { title: 'SEV1 checkout is down', body: 'INC-7', tier: 'page' } as const;
  it.each([
    ['full', true, page.title, page.body],
    ['title', true, page.title, ''],
    ['title', false, page.title, page.body],
    ['none', true, 'Tocsin', 'You are paged.'],
    ['none', null, 'Tocsin', 'You are paged.'],
    ['none', false, page.title, page.body],
  ] as const)('%s, locked %s', (setting, locked, title, body) => {
    expect(wordsFor(page, setting, locked)).toEqual({ title, body });
  });
});
