import { expect, it, vi } from 'vitest';
import { useBlocked } from './blocked.ts';
import { createHost } from './host.ts';

it('a bridge that fails is told as a notification that was not shown', async () => {
  const notify = () => Promise.reject(new Error('the window is closing'));
  const host = createHost({ tocsin: { notify, setLanguage: async () => undefined } } as unknown as Window);
  const page = { id: 'p', title: 'SEV1', body: '', tier: 'page' as const, path: '/', visible: false };
  expect(await host.notify(page)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('closing') });
});

it('a browser that was told not to notify says so before a page needs it, and of each that nobody saw', async () => {
  const Notification = { permission: 'denied' };
  vi.stubGlobal('Notification', Notification);
  const host = createHost({ Notification } as unknown as Window);
  const page = { id: 'p', title: 'SEV1', body: '', tier: 'page' as const, path: '/', visible: false };
  expect(await host.blocked()).toBe('this browser blocks notifications');
  expect(await host.allowNotifications()).toBe(false);
  expect(await host.notify(page)).toEqual({ kind: 'failed', reason: 'this browser was not allowed to notify' });
  expect(useBlocked.getState().reason).toBe('this browser was not allowed to notify');
  vi.unstubAllGlobals();
  useBlocked.setState({ reason: null });
});
