import { useEffect, useState } from 'react';
import { after, deviceNow } from '../time.ts';

/** The newest value, but not more often than every `ms`. Another `key` is another question: its answer never waits. */
export function usePaced<T>(value: T, key: unknown, ms: number): T {
  const [shown, setShown] = useState({ value, key, at: 0 });
  if (shown.key !== key) setShown({ value, key, at: shown.at });
  useEffect(() => {
    if (shown.value === value && shown.key === key) return undefined;
    return after(Math.max(0, shown.at + ms - deviceNow()), () => setShown({ value, key, at: deviceNow() }));
  }, [shown, value, key, ms]);
  return shown.key === key ? shown.value : value;
}
