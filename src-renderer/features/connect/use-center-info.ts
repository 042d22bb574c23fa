import { useEffect, useState } from 'react';
import { CenterInfo } from '#server/contract/client.ts';
import { unknownCenter, type Versions } from './versions.ts';

/** What the center says of itself before a sign-in; null until it has. Asked again when `again` changes. */
export function useCenterInfo(serverUrl: string, again: unknown): (Versions & { name: string }) | null {
  const [info, setInfo] = useState<(Versions & { name: string }) | null>(null);
  useEffect(() => {
    let gone = false;
    void ask(serverUrl).then(
      (answer) => (gone || answer === null ? undefined : setInfo(answer)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [serverUrl, again]);
  return info;
}

async function ask(serverUrl: string): Promise<(Versions & { name: string }) | null> {
  if (serverUrl === '') return null;
  const response = await window.fetch(`${serverUrl}/api/v1/center`, { credentials: 'omit' });
  if (response.status === 404) return { ...unknownCenter, name: '' };
  const parsed = CenterInfo.pick({ name: true, version: true, oldestClient: true }).safeParse(await response.json());
  return parsed.success ? parsed.data : null;
}
