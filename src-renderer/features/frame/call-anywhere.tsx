import { lazy, Suspense } from 'react';
import { create } from 'zustand';
import { t } from '../../language/words.ts';
import { useCommands } from '../../ui/commands.ts';

const load = () => import('./call-dialog.tsx').then(({ CallDialog: component }) => ({ default: component }));
const CallDialog = lazy(load);

/** Shared with the bar that says that the server is away. */
export const useCalling = create<{ open: boolean; set: (open: boolean) => void }>((set) => ({
  open: false,
  set: (open) => set({ open }),
}));

/** Fetched while there is a network: it is needed when there is none. */
export function fetchCallDialog(): void {
  load().catch(() => undefined);
}

export function CallAnywhere() {
  const { open, set } = useCalling();
  useCommands(
    [
      {
        id: 'people.call',
        keys: null,
        label: t`whom to call`,
        group: 'Everywhere',
        keywords: 'phone telephone number offline',
        run: () => set(true),
      },
    ],
    'everywhere',
  );
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <CallDialog onClose={() => set(false)} />
    </Suspense>
  );
}
