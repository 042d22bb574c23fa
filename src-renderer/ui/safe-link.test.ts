import { expect, it } from 'vitest';
import { safeHref } from './safe-link.tsx';

it('makes links only of addresses that cannot run anything', () => {
  expect(safeHref('https://runbooks.example.com/a?b=c')).toBe('https://runbooks.example.com/a?b=c');
  expect(safeHref(' http://grafana.example/d/1 ')).toBe('http://grafana.example/d/1');
  expect(safeHref('mailto:ops@example.com')).toBe('mailto:ops@example.com');
  for (const bad of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vbscript:x',
    '//example.com',
    'https://',
    'runbooks/postgres',
    '',
    null,
  ]) {
    expect(safeHref(bad)).toBeNull();
  }
});
