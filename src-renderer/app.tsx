import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Host } from './api/host.ts';
import { type Boot, createBoot } from './boot.ts';
import { Frame } from './features/frame/frame.tsx';
import { SignIn } from './features/sign-in/sign-in.tsx';
import { SessionProvider } from './session.tsx';

const queries = new QueryClient({
  // The stream says when something changed; calls beside it are made when a person asks for them.
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 30_000 } },
});

export function App({ host }: { host: Host }) {
  const [boot] = useState(() => createBoot(host));
  useEffect(() => boot.start(), [boot]);
  return (
    <QueryClientProvider client={queries}>
      <Gate boot={boot} host={host} />
    </QueryClientProvider>
  );
}

function Gate({ boot, host }: { boot: Boot; host: Host }) {
  const { phase, session } = boot.useState();
  // While it starts nobody knows yet; an expired sign-in pages nobody here either.
  useEffect(() => {
    if (phase !== 'starting') host.setSignedIn(phase === 'ready');
  }, [host, phase]);
  if (session !== null) {
    return (
      <SessionProvider key={session.me.id} session={session}>
        <div className="contents" inert={phase === 'expired'}>
          <Frame />
        </div>
        {phase === 'expired' ? <SignIn boot={boot} expired name={session.me.login} /> : null}
      </SessionProvider>
    );
  }
  return phase === 'starting' ? null : <SignIn boot={boot} />;
}
