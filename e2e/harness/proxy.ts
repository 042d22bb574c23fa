// The network between a browser and its server, which a test can cut: Playwright's own offline switch leaves open
// streams alone.
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './server.ts';

type Mode = 'open' | 'cut' | 'silent' | 'deaf' | 'captive';

export interface Proxy {
  url: string;
  /** Every connection is reset, new ones too. */
  cut(): void;
  /** Connections stay open and carry nothing, as behind a dead router. */
  goSilent(): void;
  /** Requests arrive at the server, answers are lost on the way. */
  loseAnswers(): void;
  /** A network that wants a sign-in of its own: every request is answered with its page. */
  capture(status: number): void;
  /** A slow line: answers come at this rate. */
  slow(bytesPerSecond: number): void;
  restore(): void;
  close(): Promise<void>;
}

export async function startProxy(serverPort: number): Promise<Proxy> {
  let mode: Mode = 'open';
  let pageStatus = 200;
  let rate = Number.POSITIVE_INFINITY;
  const pairs = new Set<{ client: Socket; server: Socket }>();
  const waiting = new Set<Socket>();

  const listener = createServer((client) => {
    client.on('error', () => client.destroy());
    if (mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    if (mode === 'silent') {
      waiting.add(client);
      client.on('close', () => waiting.delete(client));
      return;
    }
    if (mode === 'captive') {
      client.once('data', () => client.end(captivePage(pageStatus)));
      return;
    }
    const server = connect({ host: '127.0.0.1', port: serverPort, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', end);
    server.on('close', end);
    server.on('error', end);
    client.on('data', (bytes) => {
      if (mode !== 'silent') server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (mode !== 'open') return;
      client.write(bytes);
      if (rate === Number.POSITIVE_INFINITY) return;
      server.pause();
      setTimeout(() => server.resume(), (bytes.length / rate) * 1_000);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });

  const dropAll = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    for (const client of waiting) client.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut() {
      mode = 'cut';
      dropAll();
    },
    goSilent() {
      mode = 'silent';
    },
    loseAnswers() {
      mode = 'deaf';
    },
    capture(status) {
      mode = 'captive';
      pageStatus = status;
      dropAll();
    },
    slow(bytesPerSecond) {
      rate = bytesPerSecond;
      mode = 'open';
    },
    restore() {
      rate = Number.POSITIVE_INFINITY;
      // What a connection swallowed meanwhile is lost, so none of them can be trusted any more.
      if (mode === 'silent' || mode === 'deaf') dropAll();
      mode = 'open';
    },
    async close() {
      dropAll();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

function captivePage(status: number): string {
  const page = '<!doctype html><title>Welcome</title><h1>Please sign in to this network</h1>';
  const head = `HTTP/1.1 ${status} Captive\r\ncontent-type: text/html\r\naccess-control-allow-origin: *`;
  return `${head}\r\ncontent-length: ${page.length}\r\nconnection: close\r\n\r\n${page}`;
}
