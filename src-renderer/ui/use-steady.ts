import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function at every render, which calls the newest one: a memoised child is not drawn again because of it. */
export function useSteady<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
