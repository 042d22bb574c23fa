// The map's two large parts, each fetched once: what draws and what lays out.
import { after } from '../../time.ts';
import { createLayout, type Layout } from './layout.ts';

const deadlineMs = 5_000;

export const loadCanvas = () => import('./graph-canvas.tsx');

let layout: Promise<Layout> | null = null;

export function loadLayout(): Promise<Layout> {
  layout ??= import('./elk-engine.ts').then(
    ({ openElk }) => createLayout({ open: openElk, after, deadlineMs }),
    (error: unknown) => {
      layout = null;
      throw error;
    },
  );
  return layout;
}

export async function fetchGraph(): Promise<void> {
  const [elk] = await Promise.all([import('./elk-engine.ts'), loadCanvas()]);
  await elk.fetchElk();
}
