import { expect, it } from 'vitest';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import { fillTemplate, unknownPlaceholder } from '#server/modules/grouping/template.ts';
import { aSignal } from '#server/testkit/alert-world.ts';

const decision = decideSignal(null, aSignal({ receivedAt: 0 }), '2026-01-01T00:00:00.000Z', () => 'id');
if (decision.kind === 'unchanged') throw new Error(decision.reason);
const described = decision.changes[0]!.after;
const alert = { ...described, annotations: {} };

it('fills in what there is', () => {
  expect(fillTemplate('{{severity}} {{ labels.env }}: {{title}} ({{count}})', alert, 3)).toBe(
    'SEV2 prod: HighLatency (3)',
  );
});

it('says what is wrong beside the name, once', () => {
  const titled = (title: string, summary: string) =>
    fillTemplate('{{service}}: {{title}}', { ...described, title, annotations: { summary } }, 1);
  expect(fillTemplate('{{title}}', described, 1)).toBe('HighLatency: p99 latency above 2 s');
  expect(titled('InstanceDown', ' Instance web-1\n is down ')).toBe('checkout: InstanceDown: Instance web-1 is down');
  expect(titled('InstanceDown', 'InstanceDown on web-1')).toBe('checkout: InstanceDown on web-1');
  expect(titled('Disk is full on db-1', 'disk is full')).toBe('checkout: Disk is full on db-1');
  expect(titled('InstanceDown', ' ')).toBe('checkout: InstanceDown');
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
