import { useEffect } from 'react';
import { useSession } from '../../session.tsx';

/** Keeps the display on while something is open, and only then. Older browsers have no such lock; then nothing happens. */
export function useAwake(needed: boolean): void {
  const { desktop } = useSession().host;
  useEffect(() => {
    if (desktop === null || !needed) return undefined;
    void desktop.keepAwake(true).catch(() => undefined);
    return () => void desktop.keepAwake(false).catch(() => undefined);
  }, [desktop, needed]);
  useEffect(() => {
    if (desktop !== null || !needed || !('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const take = () => {
      if (document.visibilityState !== 'visible') return;
      navigator.wakeLock.request('screen').then(
        (taken) => {
          if (ended) void taken.release();
          else lock = taken;
        },
        // Refused, as on a low battery: the wall still works.
        () => undefined,
      );
    };
    take();
    document.addEventListener('visibilitychange', take);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, [desktop, needed]);
}
