import { useEffect, useState } from 'react';
import type { Bridge } from '../../../src-main/bridge.ts';
import { after } from '../../time.ts';
import { unreachableWords } from './connect-words.ts';

/** A reconnect that works at once needs no explanation. */
const askAfterMs = 4_000;
const askEveryMs = 60_000;

/** What a look finds while the server cannot be reached: a name that is unknown, a certificate that changed. */
export function useWhyUnreachable(desktop: Bridge | null, serverUrl: string, unreachable: boolean): string | null {
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => {
    if (desktop === null || !unreachable || serverUrl === '') return undefined;
    let cancel = after(askAfterMs, ask);
    let gone = false;
    function ask(): void {
      void desktop?.servers
        .look(serverUrl)
        .then(unreachableWords)
        .catch(() => null)
        .then((words) => {
          if (gone) return;
          setWhy(words);
          cancel = after(askEveryMs, ask);
        });
    }
    return () => {
      gone = true;
      cancel();
      setWhy(null);
    };
  }, [desktop, serverUrl, unreachable]);
  return why;
}
