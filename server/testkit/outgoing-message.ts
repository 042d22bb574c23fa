import type { IncidentDigest, OutgoingMessage, SendContext } from '#server/modules/notify/channel-type.ts';

export function aDigest(change: Partial<IncidentDigest> = {}): IncidentDigest {
  return {
    id: '01900000-0000-7000-8000-00000000000a',
    number: 4417,
    title: 'Checkout answers with errors',
    severity: 'sev1',
    status: 'triggered',
    impact: 'Nobody can pay',
    services: ['checkout', 'payments'],
    alertCount: 3,
    startedAt: '2026-11-21T02:10:00.000Z',
    acknowledgedBy: null,
    resolvedAt: null,
    lastUpdate: null,
    runbookUrl: 'https://wiki.example.com/checkout',
    sourceUrl: null,
    labels: {},
    ...change,
  };
}

/** A page to somebody about one incident. */
export function aMessage(change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    id: '01900000-0000-7000-8000-0000000000f1',
    purpose: 'page',
    contact: { kind: 'email', address: 'ada@example.com' },
    recipient: 'Ada',
    incidents: [aDigest()],
    summary: 'SEV1 INC-4417 Checkout answers with errors',
    text: 'Checkout answers with errors\n3 alerts on checkout, payments',
    link: 'https://tocsin.example.com/p/abcdefghijklmnopqrstuvwxyz234567',
    appUrl: 'https://tocsin.example.com/#/incidents/4417',
    replyCode: '4417',
    code: null,
    late: false,
    ...change,
  };
}

/** What a channel is given to send with; its way out resolves every name to `address`. */
export function aSendContext<S>(
  settings: S,
  change: Partial<SendContext<S>> & { address?: string } = {},
): SendContext<S> {
  const { address = '127.0.0.1', ...given } = change;
  return {
    settings,
    secrets: {},
    channelId: '01900000-0000-7000-8000-0000000000c1',
    outgoing: {
      request: () => Promise.reject(new Error('not in this test')),
      resolve: async () => ({ address, family: 4 }),
      fault: async () => null,
    },
    publicUrl: 'https://tocsin.example.com',
    now: Date.parse('2026-11-21T02:11:00.000Z'),
    signal: new AbortController().signal,
    ...given,
  };
}
