import { expect, it } from 'vitest';
import { emailChannel } from '#server/modules/notify/channels/email/email.ts';
import { slackChannel } from '#server/modules/notify/channels/slack/slack.ts';
import { statuspageChannel } from '#server/modules/notify/channels/statuspage/statuspage.ts';

// The screen shows a checkbox where a file says nothing: both have to mean the same.
it.each([
  [emailChannel, { host: 'mail.example.com', from: 'pager@example.com' }],
  [slackChannel, { channel: 'C1' }],
  [statuspageChannel, { pageId: 'page1' }],
] as const)('a checkbox begins as the settings do without it: $info.kind', ({ info, settings }, least) => {
  const usual: Record<string, unknown> = settings.parse(least);
  const checkboxes = info.fields.filter(({ type }) => type === 'boolean');
  expect(checkboxes).not.toEqual([]);
  expect(checkboxes.map(({ name, on }) => [name, on])).toEqual(checkboxes.map(({ name }) => [name, usual[name]]));
});
