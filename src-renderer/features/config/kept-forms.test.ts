import { expect, it } from 'vitest';
import { keepForm, keepRest, keptForm } from './kept-forms.ts';

const typed = (name: string) => ({ id: 'p1', held: { form: { name }, basis: null, sent: null } });
const saved = { name: 'policy p1', sent: { text: '{"name":"Nights"}', body: { name: 'Nights' }, version: 1 } };

it('of one session, and nobody finds it from another', () => {
  const mine = {};
  keepForm(mine, 'policy new ', typed('Nights'));
  expect(keptForm(mine, 'policy new ')).toEqual(typed('Nights'));
  expect(keptForm({}, 'policy new ')).toBeNull();
});

it('a new one that is saved after one has gone elsewhere is not offered as a new one again', () => {
  const session = {};
  keepForm(session, 'policy new ', typed('Nights'));
  keepRest(session, 'policy new ', saved);
  expect([keptForm(session, 'policy new '), keptForm(session, 'policy p1')]).toEqual([null, null]);
});

it('what was typed while it was being saved is kept as a change of what was made', () => {
  const session = {};
  keepForm(session, 'policy new ', typed('Nights and weekends'));
  keepRest(session, 'policy new ', saved);
  expect(keptForm(session, 'policy new ')).toBeNull();
  expect(keptForm(session, 'policy p1')?.held).toMatchObject({
    form: { name: 'Nights and weekends' },
    sent: saved.sent,
  });
});
