import { createWorker, type Fetched, keptRoutes } from './worker.ts';

interface Installed extends Pick<Fetched, 'waitUntil'> {
  /** Where the browser knows it. */
  addRoutes?(routes: typeof keptRoutes): Promise<void>;
}

/** What of a service worker's own scope is used here; the renderer's types are those of a page. */
interface Scope {
  addEventListener(type: 'install', listener: (event: Installed) => void): void;
  addEventListener(type: 'activate', listener: (event: Pick<Fetched, 'waitUntil'>) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetched) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const scope = globalThis as unknown as Scope;
const worker = createWorker({
  origin: globalThis.location.origin,
  caches: globalThis.caches,
  fetch: (input, init) => globalThis.fetch(input, init),
  // A file of its own, loaded by the browser beside the page: it shares no module with it.
  after: (ms, callback) => {
    const timer = globalThis.setTimeout(callback, ms);
    return () => globalThis.clearTimeout(timer);
  },
});

scope.addEventListener('install', (event) => {
  // Refused by a browser that knows other rules, the worker answers for each file as it does anywhere else.
  event.addRoutes?.(keptRoutes).catch(() => undefined);
  event.waitUntil(worker.install().then(() => scope.skipWaiting()));
});
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => worker.fetched(event));
