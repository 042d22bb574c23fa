import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { AuditLook, HostNotice } from '#server/contract/watchdog.ts';

/** What is true of this center and somebody who relies on it should know, for as long as it is true. */
export function noticesOf(facts: {
  settings: PagingSettings;
  embeddedDatabase: boolean;
  laptop: boolean;
  look: AuditLook | null;
}): HostNotice[] {
  const { settings, embeddedDatabase, laptop, look } = facts;
  const notices: HostNotice[] = [];
  const add = (code: HostNotice['code'], level: HostNotice['level'], text: string) =>
    notices.push({ code, level, text });
  if (look !== null && look.faults.length > 0)
    add('stalled', 'error', `Paging has stalled: ${look.faults.join('; ')}. Look at the server now.`);
  if (look !== null && look.parked !== null)
    add('dead-letters', 'error', `${look.parked}. Look at each under Diagnostics, and replay or discard it.`);
  if (look !== null && look.queues.length > 0) add('queue', 'warning', `${look.queues.join('; ')}.`);
  if (settings.mode === 'paused')
    add('paused', 'error', 'Paging is paused: nobody is told anything until an administrator lets it go on.');
  if (settings.mode === 'shadow')
    add('shadow', 'warning', 'Shadow mode: pages are decided and written down, and none is sent.');
  if (laptop)
    add(
      'sleeps',
      'warning',
      'This center runs on a laptop and sleeps with its lid: then nobody is paged. Move it to a machine that stays awake.',
    );
  else if (embeddedDatabase)
    add(
      'one-machine',
      'info',
      'This center runs on one machine with its own database: when that machine is off, nobody is paged.',
    );
  if (settings.deadMan === null)
    add(
      'no-dead-man',
      laptop || embeddedDatabase ? 'warning' : 'info',
      'Nobody outside watches this center: set a dead-man address, and its silence is noticed.',
    );
  else if (look !== null && look.deadManError !== null)
    add(
      'dead-man-fails',
      'warning',
      `The dead-man address does not take the heartbeat (${look.deadManError}): the service outside may page because of it. Check the address under Settings, Paging.`,
    );
  if (settings.fallbackChannelId === null)
    add('no-fallback', 'info', 'There is no fallback channel: a stall of paging is only written to the log.');
  return notices;
}
