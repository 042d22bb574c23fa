import { useMemo, useSyncExternalStore } from 'react';

/** Whether a media query holds, for what a style sheet cannot decide. */
export function useMedia(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  const subscribe = useMemo(
    () => (listener: () => void) => {
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [list],
  );
  const matches = () => list.matches;
  return useSyncExternalStore(subscribe, matches, matches);
}
