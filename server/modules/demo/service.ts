import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { IntegrationKind } from '#server/contract/integration.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import { demoCatalog } from './catalog.ts';
import { type DemoRequest, demoRequests } from './script.ts';

export interface DemoState {
  running: boolean;
  sent: number;
  total: number;
  speed: number;
}

export interface Demo {
  /** Makes its integrations and plays the outage; answers at once. A second start while one runs is refused. */
  start(actor: Actor, speed: number): Promise<DemoState>;
  stop(): Promise<void>;
  state(): DemoState;
  /** Resolves when the outage has been played. */
  finished(): Promise<void>;
}

export interface DemoDeps {
  /** The key of a new integration of that kind, made as a person would make it. */
  createIntegration(actor: Actor, name: string, kind: IntegrationKind): Promise<{ id: string; key: string }>;
  /** Fills the catalog, unless somebody described services of his own. */
  fillCatalog(actor: Actor, yaml: string): Promise<void>;
  /** Posts to the server's public endpoints; the demo has no other way in. */
  post(path: string, key: string, body: unknown, signal: AbortSignal): Promise<number>;
  clock: Clock;
  logger: Logger;
}

export function createDemo({ createIntegration, fillCatalog, post, clock, logger }: DemoDeps): Demo {
  let state: DemoState = { running: false, sent: 0, total: 0, speed: 1 };
  let run: { stop: AbortController; done: Promise<void> } | null = null;

  async function play(
    requests: DemoRequest[],
    keys: Record<IntegrationKind, string>,
    speed: number,
    signal: AbortSignal,
  ) {
    const startedAt = clock.now();
    const began = clock.monotonic();
    for (const request of requests) {
      const waitMs = began + (request.at * 1_000) / speed - clock.monotonic();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      if (signal.aborted) return;
      const key = keys[request.integration];
      const body = request.body({ now: clock.now(), startedAt, speed, key });
      const status = await post(request.path, key, body, signal);
      if (status >= 300) logger.warn('demo request refused', { path: request.path, status });
      state = { ...state, sent: state.sent + 1 };
    }
  }

  return {
    async start(actor, speed) {
      if (state.running) {
        throw new AppError('conflict', 'The demo is already playing. Wait for its end or stop it first.', {
          current: state,
        });
      }
      const requests = demoRequests();
      state = { running: true, sent: 0, total: requests.length, speed };
      try {
        await fillCatalog(actor, demoCatalog);
        const keys: Record<IntegrationKind, string> = {
          alertmanager: (await createIntegration(actor, 'Demo Alertmanager', 'alertmanager')).key,
          'events-v2': (await createIntegration(actor, 'Demo synthetics and deploys', 'events-v2')).key,
          grafana: (await createIntegration(actor, 'Demo Grafana', 'grafana')).key,
          generic: (await createIntegration(actor, 'Demo support desk', 'generic')).key,
        };
        const stop = new AbortController();
        const done = play(requests, keys, speed, stop.signal)
          .catch((error: unknown) => {
            if (!stop.signal.aborted) logger.error('demo stopped', { error: String(error) });
          })
          .finally(() => {
            state = { ...state, running: false };
            run = null;
          });
        run = { stop, done };
      } catch (error) {
        state = { ...state, running: false };
        throw error;
      }
      return state;
    },
    async stop() {
      run?.stop.abort();
      await run?.done;
    },
    state: () => state,
    async finished() {
      await run?.done;
    },
  };
}
