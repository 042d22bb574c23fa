import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { UnreadItem } from '../../replica/storage.ts';
import { UnreadActions } from './outbox-unread.tsx';

const said = (...why: UnreadItem['why'][]): string =>
  renderToStaticMarkup(
    <UnreadActions items={why.map((each, n) => ({ id: `${n}`, why: each, text: '' }))} onDelete={() => undefined} />,
  );

it('says what could not be read, why, and what to do about it', () => {
  expect(said()).toBe('');
  expect(said('newer')).toMatch(/1 action of a newer version.*update or reload/);
  expect(said('damaged', 'newer', 'damaged')).toMatch(/2 damaged actions.*do it again.*Delete.*1 action of a newer/);
  const shut = said('shut');
  expect(shut).toMatch(/could not be opened.*not deleted/);
  // Nothing of it can be saved or deleted by hand.
  expect(shut).not.toMatch(/<button/);
});
