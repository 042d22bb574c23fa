import { describe, expect, it } from 'vitest';
import { pageFile, pagePolicy } from './page-file.ts';

describe('the file an address names', () => {
  it('is one below the built page', () => {
    expect(pageFile('/app/renderer', 'app://tocsin/')).toBe('/app/renderer/index.html');
    expect(pageFile('/app/renderer', 'app://tocsin/assets/a-1.js?x#y')).toBe('/app/renderer/assets/a-1.js');
    expect(pageFile('/app/renderer', 'app://tocsin/%2e%2e/main/main.cjs')).toBe('/app/renderer/main/main.cjs');
  });
  it.each([
    'app://tocsin/..%2f..%2fetc/passwd',
    'app://tocsin/..%5cmain',
    'app://tocsin/a%00.js',
    'app://tocsin/%E0%A4%A',
    'app://elsewhere/index.html',
    'file:///etc/passwd',
  ])('is none for %s', (url) => {
    expect(pageFile('/app/renderer', url)).toBe(null);
  });
});

describe('the policy of the page', () => {
  it('lets it talk to its center and nobody else, and run its own files only', () => {
    const policy = pagePolicy('https://center.example');
    expect(policy).toContain("connect-src 'self' https://center.example wss://center.example");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
    expect(pagePolicy('http://127.0.0.1:7300')).toContain('ws://127.0.0.1:7300');
  });
});
