import type { Host } from '../../api/host.ts';
import { t } from '../../language/words.ts';
import { deviceNow } from '../../time.ts';
import { clockTime } from '../../time-format.ts';

export interface LocalTest {
  ok: boolean;
  text: string;
}

/** A page on this machine alone, and what the machine made of it. */
export async function testHere(host: Host, id: string): Promise<LocalTest> {
  const answer = await host.notify({
    id,
    title: t`Test page`,
    body: t`This is how Tocsin pages you here. Nothing happened.`,
    tier: 'page',
    path: '/settings/notifications',
    visible: false,
  });
  const at = clockTime(deviceNow(), true);
  switch (answer.kind) {
    case 'shown':
      return {
        ok: true,
        text: t`This machine took it at ${at} UTC. Whether you saw it, only you know: look for it outside this window.`,
      };
    case 'failed':
      return { ok: false, text: t`It was not shown: ${answer.reason}.` };
    case 'suppressed':
      return { ok: false, text: t`It was held back: ${answer.reason}.` };
  }
}
