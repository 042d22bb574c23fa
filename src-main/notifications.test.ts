import { describe, expect, it } from 'vitest';
import type { DesktopNotification } from './bridge.ts';
import { createNotifier } from './notifications.ts';

const page: DesktopNotification = {
  id: 'incident-1 triggered',
  title: 'SEV1',
  body: 'checkout is down',
  tier: 'page',
  path: '/incidents/1',
  visible: false,
};

function notifierWith(options: { focused?: boolean; supported?: boolean; failure?: string | null; throws?: boolean }) {
  const log: string[] = [];
  const { notify, dismiss } = createNotifier({
    supported: () => options.supported ?? true,
    windowFocused: () => options.focused ?? false,
    openPath: (path) => log.push(`open ${path}`),
    create: ({ title, urgent, clicked }) => {
      log.push(`create ${title} ${urgent ? 'urgent' : 'quiet'}`);
      clicked();
      return {
        show: async () => {
          if (options.throws === true) throw new Error('no bus');
          return options.failure ?? null;
        },
        close: () => log.push(`close ${title}`),
      };
    },
  });
  return { notify, dismiss, log };
}

describe('a notification', () => {
  it('is shown, urgent for a page, and opens what it is about', async () => {
    const { notify, log } = notifierWith({});
    expect(await notify(page)).toEqual({ kind: 'shown' });
    expect(log).toEqual(['create SEV1 urgent', 'open /incidents/1']);
  });
  it('replaces the one before it about the same thing', async () => {
    const { notify, log } = notifierWith({});
    await notify(page);
    await notify({ ...page, title: 'SEV1 again', tier: 'direct' });
    expect(log).toContain('close SEV1');
    expect(log).toContain('create SEV1 again quiet');
  });

  it('is taken away once when it was answered', async () => {
    const { notify, dismiss, log } = notifierWith({});
    await notify(page);
    dismiss(page.id);
    dismiss(page.id);
    dismiss('another');
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close SEV1']);
  });

  it('is suppressed only while the window in front shows it', async () => {
    expect(await notifierWith({ focused: true }).notify({ ...page, visible: true })).toMatchObject({
      kind: 'suppressed',
    });
    expect(await notifierWith({ focused: false }).notify({ ...page, visible: true })).toEqual({ kind: 'shown' });
    expect(await notifierWith({ focused: true }).notify(page)).toEqual({ kind: 'shown' });
  });
  it('says why the system did not take it', async () => {
    expect(await notifierWith({ supported: false }).notify(page)).toMatchObject({ kind: 'failed' });
    expect(await notifierWith({ failure: 'denied' }).notify(page)).toEqual({ kind: 'failed', reason: 'denied' });
    expect(await notifierWith({ throws: true }).notify(page)).toEqual({ kind: 'failed', reason: 'no bus' });
  });
});
