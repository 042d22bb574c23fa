// Plays the scripted outage through the server's own demo and stops it where a test wants to look.
import { mutate } from './rest.ts';
import type { RunningServer } from './server.ts';

interface DemoState {
  running: boolean;
  sent: number;
  total: number;
}

/** `until` is a second of the script: at speed 1 the outage takes 750 of them. */
export async function playDemo(server: RunningServer, options: { speed: number; until: number }): Promise<void> {
  const began = performance.now();
  let state = await mutate<DemoState>(server, 'demo.start', { speed: options.speed });
  while (state.running && (performance.now() - began) / 1_000 < options.until / options.speed) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answer = (await server.api('/trpc/demo.state')) as { result: { data: DemoState } };
    state = answer.result.data;
  }
  await mutate(server, 'demo.stop', undefined);
}
