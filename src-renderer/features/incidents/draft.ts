import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../../session.tsx';
import { after } from '../../time.ts';

const saveAfterMs = 300;

/** Text that survives leaving the screen and closing the window, until it is sent. */
export function useDraft(key: string): [string, (text: string) => void] {
  const { drafts } = useSession().replica;
  // Text of another key is what was written elsewhere: not this one's.
  const [draft, setDraft] = useState<{ key: string; text: string } | null>(null);
  const cancelSave = useRef<(() => void) | null>(null);
  useEffect(() => {
    let current = true;
    void drafts.readDraft(key).then(
      (stored) => {
        if (!current || stored === null) return;
        // What was typed meanwhile is newer.
        setDraft((old) => (old?.key === key ? old : { key, text: stored }));
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [drafts, key]);
  const change = useCallback(
    (text: string) => {
      setDraft({ key, text });
      cancelSave.current?.();
      cancelSave.current = after(saveAfterMs, () => void drafts.writeDraft(key, text).catch(() => undefined));
    },
    [drafts, key],
  );
  return [draft?.key === key ? draft.text : '', change];
}
