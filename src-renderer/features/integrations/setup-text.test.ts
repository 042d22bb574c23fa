import { describe, expect, it } from 'vitest';
import { integrationKinds } from '#server/contract/integration.ts';
import { integrationKindInfo, setupTexts } from './setup-text.ts';

describe('setup texts', () => {
  it('exist for every kind, with the address people reach and the key they were shown', () => {
    for (const kind of integrationKinds) {
      const texts = setupTexts(kind, 'https://ops.example.com:8443', 'tk_shown_once');
      expect(texts.length).toBeGreaterThan(0);
      for (const { text } of texts) {
        expect(text).toContain('ops.example.com:8443');
        expect(text).toContain('tk_shown_once');
      }
    }
    expect(integrationKindInfo.map((info) => info.kind).toSorted()).toEqual([...integrationKinds].toSorted());
  });

  it('give Prometheus the host and the scheme apart, as its configuration wants them', () => {
    const text = setupTexts('alertmanager', 'http://127.0.0.1:7300', 'k').find((one) => one.id === 'prometheus')?.text;
    expect(text).toContain("targets: ['127.0.0.1:7300']");
    expect(text).toContain('scheme: http\n');
  });
});
