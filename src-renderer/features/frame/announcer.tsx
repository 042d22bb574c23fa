import { useEffect, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import { useFreshness } from '../../session.tsx';
import { after, deviceNow } from '../../time.ts';

const sayings = {
  connecting: t`Connecting to the server.`,
  live: t`Live: what you see is current.`,
  lagging: t`Lagging: the server has been quiet for some seconds.`,
  stale: t`Stale: nothing heard from the server for half a minute.`,
  offline: t`Offline: what you see is the last known state.`,
} as const;

const gapMs = 5_000;

/** Says a change of freshness to a screen reader, politely and at most every five seconds. */
export function Announcer() {
  const { state } = useFreshness();
  const [said, setSaid] = useState('');
  const last = useRef({ state, at: deviceNow() });
  useEffect(() => {
    if (last.current.state === state) return undefined;
    const waitMs = Math.max(0, last.current.at + gapMs - deviceNow());
    return after(waitMs, () => {
      last.current = { state, at: deviceNow() };
      setSaid(sayings[state]);
    });
  }, [state]);
  return (
    <div className="visually-hidden" aria-live="polite">
      {said}
    </div>
  );
}
