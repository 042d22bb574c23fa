import { expect, it } from 'vitest';
import type { DesktopNotification, NotifyOutcome } from '../../src-main/bridge.ts';
import { hearing, useBlocked } from './blocked.ts';

it('stays said from the first notification that was not shown until one is', async () => {
  let outcome: NotifyOutcome = { kind: 'failed', reason: 'the system blocks them' };
  const notify = hearing(async () => outcome);
  const page: DesktopNotification = { id: 'p', title: 't', body: '', tier: 'page', path: '/', visible: false };
  expect(await notify(page)).toBe(outcome);
  expect(useBlocked.getState().reason).toBe('the system blocks them');
  outcome = { kind: 'suppressed', reason: 'it is quiet until 07:00' };
  await notify(page);
  expect(useBlocked.getState().reason).toBe('the system blocks them');
  outcome = { kind: 'shown' };
  await notify(page);
  expect(useBlocked.getState().reason).toBe(null);
});
