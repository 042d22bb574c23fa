import { expect, it } from 'vitest';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import { fillTemplate, unknownPlaceholder } from '#server/modules/grouping/template.ts';
import { aSignal } from '#server/testkit/alert-world.ts';

const decision = decideSignal(null, aSignal({ receivedAt: 0 }), '2026-01-01T00:00:00.000Z', () => 'id');
if (decision.kind === 'unchanged') throw new Error(decision.reason);
const alert = decision.changes[0]!.after;

it('fills in what there is', () => {
  expect(fillTemplate('{{severity}} {{ labels.env }}: {{title}} ({{count}})', alert, 3)).toBe(
    'SEV2 prod: HighLatency (3)',
  );
});

it('leaves out what there is not, and what only joined it to the rest', () => {
  expect(fillTemplate('{{service}}: {{title}}', { ...alert, service: null }, 1)).toBe('HighLatency');
  expect(fillTemplate('{{title}} · {{labels.zone}}', alert, 1)).toBe('HighLatency');
  expect(fillTemplate('{{labels.toString}}', alert, 1)).toBe('HighLatency');
});

it('keeps a title within what a title may have', () => {
  expect(fillTemplate('{{title}}', { ...alert, title: 'x'.repeat(900) }, 1)).toHaveLength(300);
});

it('knows what stands for nothing', () => {
  expect(unknownPlaceholder('{{title}} {{labels.a b}}')).toBe('{{labels.a b}}');
  expect(unknownPlaceholder('{{host}}')).toBe('{{host}}');
  expect(unknownPlaceholder('{{labels.host}} {{count}}')).toBeNull();
});
