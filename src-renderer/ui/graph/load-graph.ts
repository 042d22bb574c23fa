// The map's two large parts, each fetched once: what draws and what lays out.
import { after } from '../../time.ts';
import { createLayout } from './layout.ts';

const deadlineMs = 5_000;

export const loadCanvas = () => import('./graph-canvas.tsx');

/** What was fetched stays; what could not be is asked for again the next time. */
export function fetchedOnce<T>(fetch: () => Promise<T>): () => Promise<T> {
  let fetching: Promise<T> | null = null;
  return () =>
    (fetching ??= fetch().catch((error: unknown) => {
      fetching = null;
      throw error;
    }));
}

export const loadLayout = fetchedOnce(async () => {
  const { openElk } = await import('./elk-engine.ts');
  return createLayout({ open: openElk, after, deadlineMs });
});

export async function fetchGraph(): Promise<void> {
  const [elk] = await Promise.all([import('./elk-engine.ts'), loadCanvas()]);
  await elk.fetchElk();
}
