import { useEffect, useState } from 'react';
import { after } from '../time.ts';

/** The value once it has rested for `ms`; what is asked of the server while somebody types. */
export function useDebounced<V>(value: V, ms: number): V {
  const [settled, setSettled] = useState(value);
  useEffect(() => after(ms, () => setSettled(value)), [value, ms]);
  return settled;
}
