import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../../session.tsx';
import { after, deviceNow } from '../../time.ts';
import { createWallLink, type LinkState, type WallChannel, type WallLink } from './wall-link.ts';

/** The link of this window for as long as its screen stands. */
export function useWallLink(): { link: WallLink; state: LinkState } {
  const { serverUrl } = useSession();
  const [link] = useState(() =>
    createWallLink({ open: () => openChannel(`tocsin walls ${serverUrl}`), now: deviceNow, after }),
  );
  useEffect(() => {
    const close = link.start();
    // A closed window says so: the others stand anew at once.
    window.addEventListener('pagehide', close);
    return () => {
      window.removeEventListener('pagehide', close);
      close();
    };
  }, [link]);
  return { link, state: useStore(link.store) };
}

const noChannel: WallChannel = { post: () => undefined, listen: () => undefined, close: () => undefined };

function openChannel(name: string): WallChannel {
  if (typeof BroadcastChannel === 'undefined') return noChannel;
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => {
      channel.onmessage = (event: MessageEvent<unknown>) => listener(event.data);
    },
    close: () => channel.close(),
  };
}
