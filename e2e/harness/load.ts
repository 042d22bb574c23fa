// A load generator that costs little: keep-alive sockets, prepared bytes, just enough HTTP to count the answers.
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  sent: number;
  /** Answers by status. */
  statuses: Record<number, number>;
  seconds: number;
  /** Milliseconds from the planned moment of sending to the answer, sorted. */
  latencies: number[];
}

export interface LoadOptions {
  port: number;
  connections: number;
  seconds: number;
  /** Bytes of request number i. */
  request(i: number): Buffer;
  /** Requests a second over all connections; absent, each connection sends as soon as it was answered. */
  rate?: number;
  /** Called with the number of each request that was answered 2xx. */
  accepted?(i: number): void;
}

/** Closed loop without `rate`, open loop with it: a slow server does not slow the plan, so waiting counts as latency. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const started = performance.now();
  const endsAt = started + options.seconds * 1_000;
  const result: LoadResult = { sent: 0, statuses: {}, seconds: 0, latencies: [] };
  let next = 0;
  const lanes = Array.from({ length: options.connections }, () => lane(options.port));
  await Promise.all(lanes.map((l) => l.ready));

  const runLane = async (l: Lane) => {
    while (performance.now() < endsAt) {
      const i = next++;
      const plannedAt = options.rate === undefined ? performance.now() : started + (i / options.rate) * 1_000;
      if (plannedAt >= endsAt) return;
      const wait = plannedAt - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      result.sent += 1;
      const status = await l.send(options.request(i));
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      result.latencies.push(performance.now() - plannedAt);
      if (status >= 200 && status < 300) options.accepted?.(i);
    }
  };
  await Promise.all(lanes.map(runLane));
  result.seconds = (performance.now() - started) / 1_000;
  for (const l of lanes) l.close();
  result.latencies.sort((a, b) => a - b);
  return result;
}

interface Lane {
  ready: Promise<void>;
  send(bytes: Buffer): Promise<number>;
  close(): void;
}

function lane(port: number): Lane {
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let buffered = '';
  let answer: ((status: number) => void) | null = null;
  let failed = false;
  const fail = () => {
    failed = true;
    answer?.(0);
    answer = null;
  };
  socket.on('error', fail);
  socket.on('close', fail);
  socket.on('data', (chunk) => {
    buffered += chunk.toString('latin1');
    const head = buffered.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(buffered)?.[1] ?? 0);
    if (buffered.length < head + 4 + length) return;
    const status = Number(buffered.slice(9, 12));
    buffered = buffered.slice(head + 4 + length);
    const resolve = answer;
    answer = null;
    resolve?.(status);
  });
  return {
    ready: new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    }),
    send: (bytes) =>
      new Promise((resolve) => {
        if (failed) {
          resolve(0);
          return;
        }
        answer = resolve;
        socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
}

/** A complete POST with a JSON body. */
export function post(path: string, key: string, body: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}

export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
