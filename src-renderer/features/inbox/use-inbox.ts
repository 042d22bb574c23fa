import { useEffect, useMemo, useState } from 'react';
import type { Replica } from '../../replica/replica.ts';
import type { View } from '../../replica/rows/view.ts';
import { mutedMax, valuesOf } from '#server/contract/preference.ts';
import { usePreferenceValues, useSetPreference } from '../../preference.ts';
import { useMe, useSession } from '../../session.tsx';
import { after, useServerStep } from '../../time.ts';
import { createInboxIndex, type InboxIndex } from './inbox-index.ts';
import type { InboxItem } from './inbox-items.ts';
import { isRead } from './inbox-marks.ts';

/** Under a storm the inbox is read this often. */
const paceMs = 250;
/** What is news changes with the clock too: an update falls due. */
const tickMs = 15_000;

/** One a replica, and for as long as it: the rail and the screen read the same. */
const indexes = new WeakMap<Replica, InboxIndex>();

function useIndex(): { index: InboxIndex; revision: number; now: number } {
  const { replica, me } = useSession();
  const [index] = useState(() => {
    const known = indexes.get(replica);
    if (known !== undefined) return known;
    const made = createInboxIndex(
      {
        id: me.id,
        teamIds: () => replica.view.visible('user', me.id)?.teamIds ?? me.teamIds,
        serviceIds: () => valuesOf(replica.view.visible('preference', me.id)).runbooks,
      },
      replica.view.follow,
    );
    indexes.set(replica, made);
    return made;
  });
  const [revision, setRevision] = useState(() => index.catchUp(replica.store.getState().tables));
  useEffect(() => {
    let cancel: (() => void) | null = null;
    const read = (): void => {
      cancel = null;
      setRevision(index.catchUp(replica.store.getState().tables));
    };
    read();
    const stop = replica.store.subscribe((state, before) => {
      if (state.tables !== before.tables) cancel ??= after(paceMs, read);
    });
    return () => {
      stop();
      cancel?.();
    };
  }, [index, replica]);
  return { index, revision, now: useServerStep(tickMs) };
}

/** Newest first, without what I did myself. */
export function useInboxItems(): readonly InboxItem[] {
  const { index, revision, now } = useIndex();
  const { view } = useSession().replica;
  const me = useMe();
  return useMemo(
    () =>
      // The index is the same object whatever it holds; its revision stands for that.
      revision < 0
        ? []
        : index.items(now).filter((item) => item.kind !== 'resolved' || resolverOf(view, item.incident) !== me.id),
    [index, revision, now, view, me.id],
  );
}

/** What means me and was not read. What goes on around me is never counted. */
export function useUnreadCount(): number {
  const { index, revision, now } = useIndex();
  const { inbox, muted } = usePreferenceValues();
  return useMemo(
    () =>
      revision < 0 ? 0 : index.personal(now).filter((item) => !isRead(item, inbox) && !isMuted(item, muted)).length,
    [index, revision, now, inbox, muted],
  );
}

export function isMuted({ tier, incidentId }: InboxItem, muted: readonly string[]): boolean {
  return tier !== 'page' && incidentId !== null && muted.includes(incidentId);
}

/** Who resolved it, where its timeline is on this machine; null for a rule, or when it is not known. */
export function resolverOf(view: View, incident: { id: string; resolvedAt: string | null }): string | null {
  for (const id of view.idsOfIncident('timeline', incident.id)) {
    const entry = view.visible('timeline', id);
    if (entry?.kind === 'status' && entry.at === incident.resolvedAt) return entry.actorId;
  }
  return null;
}

/** Mutes an incident for me, or lets it be heard again. Those that closed meanwhile are forgotten with it. */
export function useMute(): { muted: readonly string[]; mute: (incidentId: string, on: boolean) => void } {
  const { view } = useSession().replica;
  const { muted } = usePreferenceValues();
  const set = useSetPreference();
  return {
    muted,
    mute(incidentId, on) {
      const stay = muted.filter((id) => {
        const incident = view.visible('incident', id);
        return id !== incidentId && incident !== undefined && incident.status !== 'resolved';
      });
      set({ name: 'muted', incidentIds: (on ? [...stay, incidentId] : stay).slice(-mutedMax) });
    },
  };
}
