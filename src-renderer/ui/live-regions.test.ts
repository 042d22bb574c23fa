// UX.md 8: a screen reader is interrupted by my Pages only, and what ticks every second is not read aloud every second.
import { expect, it } from 'vitest';

const screens = import.meta.glob<string>('../{ui,features}/**/*.tsx', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const all = Object.entries(screens);

it('interrupts for my pages, and for nothing else', () => {
  expect(all.length).toBeGreaterThan(100);
  const interrupting = all.filter(([, text]) => /role="alert(dialog)?"|aria-live="assertive"/.test(text));
  expect(interrupting.map(([name]) => name)).toEqual(['../features/paging/page-notifier.tsx']);
});

it('does not announce a bar whose clock ticks', () => {
  const bar = screens['../features/frame/offline-bar.tsx'] ?? '';
  expect(bar).toContain('useDeviceNow');
  expect(bar).not.toMatch(/role="(status|log|timer)"|aria-live/);
});
