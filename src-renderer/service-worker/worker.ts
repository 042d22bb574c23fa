// Lets a browser tab begin without the network: the page and its files are kept, nothing that a person wrote or a server
// said. The files' names carry a hash of their content, so one that is kept is right for ever.
export interface Fetched {
  request: Request;
  respondWith(answer: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

export interface WorkerDeps {
  origin: string;
  caches: Pick<CacheStorage, 'open'>;
  fetch: (input: string | Request, init?: RequestInit) => Promise<Response>;
  after: (ms: number, callback: () => void) => () => void;
}

export interface Worker {
  install(): Promise<void>;
  /** Leaves everything but the page and its files to the browser. */
  fetched(event: Fetched): void;
}

const store = 'tocsin-page';
/** What the browser takes out of the kept files by itself: asking the worker for each of them holds up a start. */
export const keptRoutes = [
  { condition: { urlPattern: '/assets/*', requestMethod: 'GET' }, source: { cacheName: store } },
] as const;
const page = '/';
/** Beyond this the kept page is shown: a router that swallows everything must not hold it up. */
const networkMs = 4_000;
/** Files fetched beside each other: what the page itself asks for still gets its turn. */
const atOnce = 4;

export function createWorker({ origin, caches, fetch, after }: WorkerDeps): Worker {
  /** With every file that a page of this build may load, or not at all: half of one would be blank without a network. */
  async function keepPage(response: Response): Promise<void> {
    const [text, answer] = await Promise.all([response.clone().text(), fetch('/assets.json', { cache: 'no-cache' })]);
    if (!answer.ok) return;
    const files = (await answer.json()) as string[];
    const named = [...text.matchAll(/"[./]*(assets\/[^"]+)"/g)].map(([, name]) => name ?? '');
    // Somebody else's page, as networks show before one signs in to them, or one of another build than the list.
    if (named.length === 0 || !named.every((name) => files.includes(name))) return;
    const kept = await caches.open(store);
    const names = new Set(files.map((name) => `${origin}/${name}`));
    if (!(await takeMissing(kept, names))) return;
    await kept.put(page, response);
    // What only older builds loaded goes last: until here the page before could be shown.
    for (const { url } of await kept.keys()) if (!names.has(url) && url !== origin + page) await kept.delete(url);
  }

  async function takeMissing(kept: Cache, names: ReadonlySet<string>): Promise<boolean> {
    const there = new Set((await kept.keys()).map(({ url }) => url));
    const missing = [...names].filter((name) => !there.has(name));
    let whole = true;
    const take = async (): Promise<void> => {
      for (let name = missing.shift(); name !== undefined; name = missing.shift()) {
        const file = await fetch(name);
        if (file.ok) await kept.put(name, file);
        else whole = false;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, take));
    return whole;
  }

  async function pageOf(event: Fetched): Promise<Response> {
    const fresh = fetch(event.request);
    event.waitUntil(
      fresh.then((response) => (response.ok ? keepPage(response.clone()) : undefined)).catch(() => undefined),
    );
    const kept = await (await caches.open(store)).match(page);
    try {
      const response = await inTime(fresh);
      // What stands before the server says that it is away: no reason to show that instead of what is here.
      return response.status >= 500 ? (kept ?? response) : response;
    } catch (error) {
      if (kept === undefined) throw error;
      return kept;
    }
  }

  function inTime(fresh: Promise<Response>): Promise<Response> {
    return new Promise((resolve, reject) => {
      const cancel = after(networkMs, () => reject(new Error('no answer in time')));
      fresh.then(resolve, reject).finally(cancel);
    });
  }

  async function fileOf(request: Request): Promise<Response> {
    const kept = await (await caches.open(store)).match(request.url);
    return kept ?? fetch(request);
  }

  return {
    async install() {
      const response = await fetch(page, { cache: 'no-cache' });
      if (response.ok) await keepPage(response);
    },
    fetched(event) {
      const { method, url } = event.request;
      if (method !== 'GET' || !url.startsWith(`${origin}/`)) return;
      const { pathname } = new URL(url);
      if (pathname === page || pathname === '/index.html') event.respondWith(pageOf(event));
      else if (pathname.startsWith('/assets/')) event.respondWith(fileOf(event.request));
    },
  };
}
