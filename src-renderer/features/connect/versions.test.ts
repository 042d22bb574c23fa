import { expect, it } from 'vitest';
import { versionWords } from './versions.ts';

it('says what a person would miss between two releases, and nothing about a patch', () => {
  const center = (version: string, oldestClient = '0.1.0') => ({ version, oldestClient });
  expect(versionWords('0.2.0', center('0.2.0'))).toBe(null);
  expect(versionWords('0.2.3', center('0.2.0'))).toBe(null);
  expect(versionWords('0.2.0', center('0.3.1'))).toContain(
    'newer than this client (0.2.0). You can work and acknowledge',
  );
  expect(versionWords('0.10.0', center('0.9.0'))).toContain('older than this client');
  expect(versionWords('0.2.0', center('0.9.0', '0.5.0'))).toContain('takes clients from 0.5.0 on');
  expect(versionWords('0.5.0', center('0.9.0', '0.5.0'))).toContain('newer');
  expect(versionWords('1.0.0-beta.1', center('1.0.0'))).toBe(null);
});
