import { expect, it } from 'vitest';
import { buildMessage } from '#server/modules/notify/messages/message.ts';
import { aDigest } from '#server/testkit/outgoing-message.ts';

it('says when it began as a person reads it', () => {
  const facts = { id: 'm', purpose: 'page', contact: null, recipient: null, link: null, replyCode: null } as const;
  const incident = aDigest({ alertCount: 3, startedAt: '2026-11-21T02:10:24.582Z' });
  const { text } = buildMessage({ ...facts, incidents: [incident], late: false, publicUrl: '' });
  expect(text.split('\n')).toContain('3 alerts since 2026-11-21 02:10 UTC');
});
