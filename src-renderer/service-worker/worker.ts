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
const page = '/';
/** Beyond this the kept page is shown: a router that swallows everything must not hold it up. */
const networkMs = 4_000;
/** Files fetched beside each other: what the page itself asks for still gets its turn. */
const atOnce = 4;

export function createWorker({ origin, caches, fetch, after }: WorkerDeps): Worker {
  async function keepPage(response: Response): Promise<void> {
    const kept = await caches.open(store);
    await kept.put(page, response);
    await keepFiles(kept);
  }

  /** What a page of this build may load, before it asks for it; what only older ones loaded goes. */
  async function keepFiles(kept: Cache): Promise<void> {
    const answer = await fetch('/assets.json', { cache: 'no-cache' });
    if (!answer.ok) return;
    const names = new Set(((await answer.json()) as string[]).map((name) => `${origin}/${name}`));
    const there = new Set<string>();
    for (const { url } of await kept.keys()) {
      if (names.has(url) || url === origin + page) there.add(url);
      else await kept.delete(url);
    }
    const missing = [...names].filter((name) => !there.has(name));
    const take = async (): Promise<void> => {
      for (let name = missing.shift(); name !== undefined; name = missing.shift()) {
        const file = await fetch(name);
        if (file.ok) await kept.put(name, file);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, take));
  }

  async function pageOf(event: Fetched): Promise<Response> {
    const fresh = fetch(event.request);
    event.waitUntil(
      fresh.then((response) => (response.ok ? keepPage(response.clone()) : undefined)).catch(() => undefined),
    );
    try {
      return await inTime(fresh);
    } catch (error) {
      const kept = await (await caches.open(store)).match(page);
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
