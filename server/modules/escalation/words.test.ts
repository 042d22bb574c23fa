import { expect, it } from 'vitest';
import { planWords } from '#server/modules/escalation/words.ts';
import type { Plan } from '#server/modules/notify/planning/decide-plan.ts';

it('sets sentences behind each other, and separates what is none', () => {
  const skipped = { methodId: 'm', label: 'e-mail', reason: 'unverified', text: 'Its code never came back.' } as const;
  const plan: Plan = {
    notifications: [],
    skipped: [skipped],
    heldUntil: null,
    quietHours: true,
    notes: ['None of the rules can be used: desktop at once.'],
  };
  expect(planWords('Cy', plan, '2026-11-22T17:53:25.000Z')).toEqual({
    title: 'Cy cannot be told',
    detail:
      'in quiet hours, which pages pass; Its code never came back. None of the rules can be used: desktop at once.',
  });
});
