// A stand-in for a provider, outside the server: it answers as asked and remembers every arrival, so it can be a witness.
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface Arrival {
  /** performance.now() when the whole request had come. */
  at: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  /** host:port, for the list of private hosts that channels may call. */
  host: string;
  arrivals: Arrival[];
  /** The first arrival from number `from` on that `fits`; waits for it. */
  next(fits: (arrival: Arrival) => boolean, from?: number): Promise<Arrival>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

const waitMs = 30_000;

export async function startReceiver(
  answer: (arrival: Arrival) => Answer = () => ({ status: 200, body: 'ok' }),
): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const arrival: Arrival = {
        at: performance.now(),
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      arrivals.push(arrival);
      const { status, body, headers } = answer(arrival);
      response.writeHead(status, headers ?? { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the receiver has no port');
  const host = `127.0.0.1:${address.port}`;
  return {
    url: `http://${host}`,
    host,
    arrivals,
    async next(fits, from = 0) {
      const until = performance.now() + waitMs;
      for (;;) {
        const found = arrivals.slice(from).find(fits);
        if (found !== undefined) return found;
        if (performance.now() > until) throw new Error(`nothing fitting arrived within ${waitMs / 1_000} s`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers as Slack's Web API does: `ok`, the channel and a message time that no other message has. */
export function likeSlack(): (arrival: Arrival) => Answer {
  let count = 0;
  return ({ body, path }) => {
    count += 1;
    const sent = body.startsWith('{') ? (JSON.parse(body) as { channel?: string; ts?: string }) : {};
    const ts = path.endsWith('chat.update') ? sent.ts : `1763750000.${String(count).padStart(6, '0')}`;
    const channel = sent.channel ?? 'C0123';
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ok: true,
        channel: path.endsWith('conversations.create') ? { id: 'C0INC' } : channel,
        ts,
      }),
    };
  };
}
