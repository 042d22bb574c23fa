import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../../session.tsx';
import { after } from '../../time.ts';

const saveAfterMs = 500;

/**
 * Up to where this person has read the room on this machine, kept with the drafts and wiped with them. Undefined until it
 * was looked up, null when the room was never read here.
 */
export function useReadMark(incidentId: string): [string | null | undefined, (mark: string) => void] {
  const { drafts } = useSession().replica;
  const key = `chat-read ${incidentId}`;
  const [kept, setKept] = useState<{ key: string; mark: string | null } | null>(null);
  const cancelSave = useRef<(() => void) | null>(null);
  useEffect(() => {
    let current = true;
    void drafts.readDraft(key).then(
      (mark) => current && setKept((old) => (old?.key === key ? old : { key, mark })),
      () => current && setKept({ key, mark: null }),
    );
    return () => {
      current = false;
    };
  }, [drafts, key]);
  const read = useCallback(
    (mark: string) => {
      setKept({ key, mark });
      cancelSave.current?.();
      cancelSave.current = after(saveAfterMs, () => void drafts.writeDraft(key, mark).catch(() => undefined));
    },
    [drafts, key],
  );
  return [kept?.key === key ? kept.mark : undefined, read];
}
