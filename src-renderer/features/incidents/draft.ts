import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../../session.tsx';
import { after } from '../../time.ts';

const saveAfterMs = 300;

/** Text that survives leaving the screen and closing the window, until it is sent. */
export function useDraft(key: string): [string, (text: string) => void] {
  const { drafts } = useSession().replica;
  const [text, setText] = useState('');
  const touched = useRef(false);
  const cancelSave = useRef<(() => void) | null>(null);
  useEffect(() => {
    let current = true;
    touched.current = false;
    setText('');
    void drafts.readDraft(key).then(
      (stored) => {
        if (current && !touched.current && stored !== null) setText(stored);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [drafts, key]);
  const change = useCallback(
    (next: string) => {
      touched.current = true;
      setText(next);
      cancelSave.current?.();
      cancelSave.current = after(saveAfterMs, () => void drafts.writeDraft(key, next).catch(() => undefined));
    },
    [drafts, key],
  );
  return [text, change];
}
