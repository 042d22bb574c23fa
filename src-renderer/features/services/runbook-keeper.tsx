import { useEffect, useMemo } from 'react';
import { usePreferenceValues } from '../../preference.ts';
import { useApi, useReachable, useSession, useTable } from '../../session.tsx';
import { keepRunbooks } from './kept-runbooks.ts';

/** Stands once in the frame: keeps the runbooks that this person pinned as they are now. */
export function RunbookKeeper() {
  const { replica } = useSession();
  const api = useApi();
  const { runbooks } = usePreferenceValues();
  const services = useTable('service');
  const ready = useReachable();
  const pinned = useMemo(() => runbooks.flatMap((id) => services.rows.get(id) ?? []), [runbooks, services]);
  // The catalog is another table with every change of a service; only a change of these matters.
  const versions = pinned.map(({ id, version }) => `${id} ${version}`).join(' ');
  useEffect(() => {
    if (!ready) return undefined;
    let wanted = true;
    const fetch = async (name: string): Promise<string> => (await api.services.get.query({ name })).runbook ?? '';
    // One that cannot be fetched now is asked for again with the next connection.
    void keepRunbooks(pinned, { store: replica.drafts, fetch, wanted: () => wanted }).catch(() => undefined);
    return () => {
      wanted = false;
    };
    // oxlint-disable-next-line react/exhaustive-deps
  }, [replica, api, ready, versions]);
  return null;
}
