import { useContext, useEffect } from 'react';
import { t } from '../../language/words.ts';
import { SignInState } from '../../session.tsx';
import { after } from '../../time.ts';
import './wall-ended.css';

const retryMs = 15_000;

/** In the place of the picture. It comes back by itself as soon as somebody signed in on this machine. */
export function RetryWhileEnded() {
  const { retry } = useContext(SignInState);
  useRetry(retry);
  return (
    <section className="wall-ended" role="status">
      <b>{t`The sign-in of this wall has ended, so nothing new arrives here.`}</b>
      <span>{t`Sign in on this machine: leave the wall with Esc, or use the main window. It comes back by itself.`}</span>
    </section>
  );
}

/** Over the form, where nothing of the center is known here at all. */
export function WallSignedOut({ unreachable, retry }: { unreachable: boolean; retry: () => void }) {
  useRetry(retry);
  return (
    <section className="wall-signed-out" role="status">
      {unreachable
        ? t`This wall cannot reach the server, and shows nothing until it does.`
        : t`Nobody is signed in on this wall, so it shows nothing.`}
    </section>
  );
}

function useRetry(retry: () => void): void {
  useEffect(() => {
    let cancel = after(retryMs, again);
    function again(): void {
      retry();
      cancel = after(retryMs, again);
    }
    return () => cancel();
  }, [retry]);
}
