import { lazy, Suspense, useEffect, useLayoutEffect } from 'react';
import { t } from '../../language/words.ts';
import { useLocation } from '../../navigation.ts';
import { useSession } from '../../session.tsx';
import { after } from '../../time.ts';
import { type Command, useCommands } from '../../ui/commands.ts';
import { remember, usePalette } from './palette-store.ts';
import { visitedKey } from './visited.ts';

const load = () => import('./palette.tsx');
const Palette = lazy(() => load().then(({ Palette: component }) => ({ default: component })));
/** After the screen that was asked for, and before anybody is likely to press the key. */
const fetchAfterMs = 1_000;

/** The palette, once it was fetched; and the memory of what was looked at. */
export function PaletteHost() {
  const open = usePalette((state) => state.open);
  const toggle = usePalette((state) => state.toggle);
  useCommands(paletteCommand(toggle), 'everywhere');
  const { serverUrl, me } = useSession();
  const { path, query } = useLocation();
  useEffect(() => after(fetchAfterMs, () => void load().catch(() => undefined)), []);
  useLayoutEffect(() => (open ? typedAhead() : undefined), [open]);
  const visited = visitedKey(path, query);
  useEffect(() => {
    if (visited !== null) remember({ serverUrl, userId: me.id }, visited);
  }, [serverUrl, me.id, visited]);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Palette />
    </Suspense>
  );
}

/**
 * Who presses Ctrl+K and types on is faster than a slow machine shows the field: those letters are meant for it, and as keys
 * of the screen behind it they would acknowledge something.
 */
function typedAhead(): () => void {
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest('.palette') !== null) return;
    const { query, ask } = usePalette.getState();
    if (event.key === 'Backspace') ask(query.slice(0, -1));
    else if (event.key.length === 1) ask(query + event.key);
    else if (event.key !== 'Enter') return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', press, { capture: true });
  return () => window.removeEventListener('keydown', press, { capture: true });
}

/** Also inside a dialog or a menu: from there it is the way to everything else. */
function paletteCommand(run: () => void): Command[] {
  return [{ id: 'palette.open', label: t`commands`, group: 'Everywhere', inDialogs: true, run }];
}
