// Providers of channels as real HTTP servers on this machine, called through the real guarded way out.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import type { IncidentDigest, OutgoingMessage, SendContext } from '#server/modules/notify/channel-type.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import { testId } from '#server/testkit/incidents.ts';

export interface ProviderCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body when it is JSON, else null. */
  json: unknown;
}
interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

/** Answers each call by `answer`; strings go out as they are, everything else as JSON. */
export async function fakeProvider(answer: (call: ProviderCall, index: number) => Reply) {
  const calls: ProviderCall[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const call = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text,
        json: parsed(text),
      };
      calls.push(call);
      const { status = 200, headers = {}, body = '' } = answer(call, calls.length - 1);
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const providerNow = Date.parse('2026-11-21T13:00:00.000Z');

export function aSendContext<S>(
  settings: S,
  secrets: Record<string, string>,
  options: { now?: number } = {},
): SendContext<S> {
  return {
    settings,
    secrets,
    channelId: testId(70),
    outgoing: createOutgoing({ allowedPrivate: () => ['127.0.0.1'], clock: createSystemClock() }),
    publicUrl: 'https://tocsin.example',
    now: options.now ?? providerNow,
    signal: new AbortController().signal,
  };
}

export function aDigest(fields: Partial<IncidentDigest> = {}): IncidentDigest {
  return {
    id: testId(1),
    number: 42,
    title: 'Checkout answers 500',
    severity: 'sev1',
    status: 'triggered',
    impact: 'Nobody can pay',
    services: ['checkout', 'payments'],
    alertCount: 3,
    startedAt: '2026-11-21T12:58:00.000Z',
    acknowledgedBy: null,
    resolvedAt: null,
    lastUpdate: null,
    runbookUrl: 'https://runbooks.example/checkout',
    sourceUrl: null,
    labels: { region: 'eu' },
    ...fields,
  };
}

export function aMessage(fields: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const incidents = fields.incidents ?? [aDigest()];
  return {
    id: testId(90),
    purpose: incidents.length === 0 ? 'plain' : 'announce',
    contact: null,
    recipient: null,
    incidents,
    summary: 'SEV1 INC-42 Checkout answers 500',
    text: 'Step 1 of payments-critical.',
    link: null,
    appUrl: 'https://tocsin.example/#/incidents/42',
    replyCode: null,
    code: null,
    late: false,
    ...fields,
  };
}

/** Text as an alert may bring it: mentions, links, markup, direction marks, controls. */
export const hostileText =
  '<!channel> <@U024BE7LH> @here [click](https://evil.example) <https://evil.example|safe> **b** `c` <at>all</at>' +
  ' \u202Egnp.exe\u0000\r\n\u2028</script><script>alert(1)</script> &amp; "q"';
