import { expect, it } from 'vitest';
import { describedOf } from './incident-facts.ts';

it('the map of an incident stands around the first of its services that the catalog describes', () => {
  const catalog = [
    { id: 's1', name: 'Payments', aliases: ['pay'] },
    { id: 's2', name: 'search', aliases: [] },
  ];
  expect(describedOf({ services: ['unheard of', 'PAY', 'search'] }, catalog)).toBe('s1');
  expect(describedOf({ services: ['unheard of'] }, catalog)).toBeNull();
  expect(describedOf({ services: [] }, catalog)).toBeNull();
});
