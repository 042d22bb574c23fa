import { expect, it } from 'vitest';
import { reportCaret, withReport } from './report.ts';

it('asks for condition, actions and needs, below what was written, with the caret in the first', () => {
  const empty = withReport('');
  expect(empty).toBe('Condition: \nActions: \nNeeds: ');
  expect(empty.slice(0, reportCaret(empty))).toBe('Condition: ');
  const more = withReport('Failed over by hand.\n');
  expect(more).toBe('Failed over by hand.\nCondition: \nActions: \nNeeds: ');
  expect(more.slice(0, reportCaret(more))).toBe('Failed over by hand.\nCondition: ');
});
