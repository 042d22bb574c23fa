import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { isWholeId, NotWhole } from './missing.tsx';

const whole = '019a0000-0000-7000-8000-0000000000ff';

it('tells a whole id from one that a mail program broke', () => {
  expect([whole, whole.toUpperCase()].map(isWholeId)).toEqual([true, true]);
  expect([whole.slice(0, 23), `${whole}.`, `${whole}%3E`, ''].map(isWholeId)).toEqual([false, false, false, false]);
});

it('says what happened to the link and what to do, with its end but not all of what somebody put there', () => {
  const said = renderToStaticMarkup(<NotWhole id={`019a${'x'.repeat(500)}`} />);
  expect(said).toMatch(/it has “019ax+…”.*mail program.*cut it off.*Copy it again/);
  expect(said.length).toBeLessThan(600);
});
