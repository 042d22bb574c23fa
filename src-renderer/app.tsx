import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Host } from './api/host.ts';
import type { Boot } from './boot.ts';
import { Frame } from './features/frame/frame.tsx';
import { ConnectScreen } from './features/connect/connect-screen.tsx';
import { useConnect } from './features/connect/connect-store.ts';
import { SignIn } from './features/sign-in/sign-in.tsx';
import { isApartWindow } from './features/war-room/wall-address.ts';
import { WallSignedOut } from './features/war-room/wall-ended.tsx';
import { useLocation } from './navigation.ts';
import { SessionProvider, SignInState } from './session.tsx';

const queries = new QueryClient({
  // The stream says when something changed; calls beside it are made when a person asks for them.
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 30_000 } },
});

export function App({ host, boot }: { host: Host; boot: Boot }) {
  return (
    <QueryClientProvider client={queries}>
      <Gate boot={boot} host={host} />
    </QueryClientProvider>
  );
}

function Gate({ boot, host }: { boot: Boot; host: Host }) {
  const { phase, session } = boot.useState();
  const connecting = useConnect((store) => store.open);
  const closeConnect = useConnect((store) => store.close);
  // While it starts nobody knows yet; an expired sign-in pages nobody here either.
  useEffect(() => {
    if (phase !== 'starting') host.setSignedIn(phase === 'ready');
  }, [host, phase]);
  const { desktop } = host;
  const { path, query } = useLocation();
  const wall = path === '/wall';
  // A wall says itself that its sign-in has ended: a form nobody stands before would hide what it knows.
  const ended = wall && phase === 'expired';
  const { retry } = boot;
  const signIn = useMemo(() => ({ ended, retry }), [ended, retry]);
  const choosing = desktop !== null && (connecting || phase === 'unchosen');
  if (session !== null) {
    return (
      <SessionProvider key={session.me.id} session={session}>
        <div className="contents" inert={(phase === 'expired' && !wall) || choosing}>
          <SignInState.Provider value={signIn}>
            <Frame />
          </SignInState.Provider>
        </div>
        {phase === 'expired' && !wall && !choosing ? (
          <SignIn boot={boot} desktop={desktop} expired name={session.me.login} />
        ) : null}
        {choosing ? <ConnectScreen desktop={desktop} session={session} onBack={closeConnect} /> : null}
      </SessionProvider>
    );
  }
  if (phase === 'starting') return null;
  if (choosing)
    return <ConnectScreen desktop={desktop} session={null} onBack={phase === 'unchosen' ? null : closeConnect} />;
  return (
    <>
      {wall ? <WallSignedOut unreachable={phase === 'unreachable'} retry={retry} /> : null}
      {isApartWindow(path, query) ? null : <SignIn boot={boot} desktop={desktop} />}
    </>
  );
}
