// The witness: a provider outside every server, which answers as told and remembers what arrived, and the judge of it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** How a path answers. `cut` breaks off in the middle of the answer, `hang` takes the request and never answers. */
export type Behaviour = 'ok' | 'hang' | 'reset' | 'cut' | 'error' | 'busy' | 'slow';

export interface Told {
  /** performance.now() when the whole request had come. */
  at: number;
  path: string;
  /** The provider's idempotency key. */
  messageId: string;
  /** `notification.page`, `notification.announce`, `incident.updated` … */
  type: string;
  summary: string;
  code: string | null;
  /** Numbers in the titles of the incidents that it is about. */
  numbers: number[];
  incidentIds: string[];
}

export interface Witness {
  url: string;
  told: Told[];
  /** performance.now() of every call of the dead-man's address. */
  beats: number[];
  /** By the beginning of a path; the longest that fits counts. */
  behave(path: string, behaviour: Behaviour): void;
  stop(): Promise<void>;
}

export const retryAfterSeconds = 20;

export async function startWitness(): Promise<Witness> {
  const told: Told[] = [];
  const beats: number[] = [];
  const behaviours = new Map<string, Behaviour>([['/', 'ok']]);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (path === '/beat') beats.push(performance.now());
      else told.push(toldIn(request, path, Buffer.concat(chunks).toString()));
      const [, behaviour] = [...behaviours]
        .filter(([begin]) => path.startsWith(begin))
        .toSorted(([a], [b]) => b.length - a.length)[0] ?? ['', 'ok' as const];
      answers[behaviour](response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the witness has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    told,
    beats,
    behave: (path, behaviour) => void behaviours.set(path, behaviour),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const answers: Record<Behaviour, (response: ServerResponse) => void> = {
  ok: (response) => void response.writeHead(200).end('ok'),
  slow: (response) => void setTimeout(() => response.writeHead(200).end('ok'), 50 + Math.random() * 250),
  hang: () => undefined,
  reset: (response) => void response.socket?.resetAndDestroy(),
  cut(response) {
    response.writeHead(200, { 'content-length': '1000' }).write('the answer begins');
    setTimeout(() => response.socket?.destroy(), 20);
  },
  error: (response) => void response.writeHead(500).end('broken'),
  busy: (response) => void response.writeHead(429, { 'retry-after': String(retryAfterSeconds) }).end('later'),
};

function toldIn(request: IncomingMessage, path: string, body: string): Told {
  const { type = '', data = {} } = JSON.parse(body) as {
    type?: string;
    data?: { summary?: string; code?: string | null; incidents?: { id: string; title: string }[] };
  };
  const incidents = data.incidents ?? [];
  return {
    at: performance.now(),
    path,
    messageId: String(request.headers['webhook-id']),
    type,
    summary: data.summary ?? '',
    code: data.code ?? null,
    numbers: incidents.flatMap(({ title }) => {
      const number = /Fault (\d+)\./.exec(title)?.[1];
      return number === undefined ? [] : [Number(number)];
    }),
    incidentIds: incidents.map(({ id }) => id),
  };
}

export interface Verdict {
  /** Ways (a number and a path) that were owed a page and never got one. */
  missed: string[];
  /** Ways that were told more than once by the same message: a crash between sending and writing it down. */
  repeated: string[];
  /** Most arrivals of one message at one way, less one. */
  mostRepeats: number;
  /** Ways that were told by two different messages. */
  doubled: string[];
}

/** Every number is owed exactly one page on each of its ways. */
export function judge(told: readonly Told[], owed: ReadonlyMap<number, readonly string[]>): Verdict {
  const arrived = new Map<string, string[]>();
  for (const { path, numbers, messageId } of told.filter(isPage)) {
    for (const number of numbers) {
      const way = `${number} ${path}`;
      arrived.set(way, [...(arrived.get(way) ?? []), messageId]);
    }
  }
  const ways = [...owed].flatMap(([number, paths]) => paths.map((path) => `${number} ${path}`));
  const several = [...arrived].filter(([, ids]) => ids.length > 1);
  return {
    missed: ways.filter((way) => !arrived.has(way)),
    repeated: several.filter(([, ids]) => new Set(ids).size === 1).map(([way]) => way),
    mostRepeats: Math.max(0, ...several.map(([, ids]) => ids.length - new Set(ids).size)),
    doubled: several.filter(([, ids]) => new Set(ids).size > 1).map(([way]) => way),
  };
}

/** A page or the telling that stands for one, not an update of what stands there. */
export function isPage({ type }: Told): boolean {
  return type === 'notification.page' || type === 'notification.announce';
}
