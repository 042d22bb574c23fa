// What a signed-in screen works with: who I am, the replica, the calls that are not replicated, and how to act.
import {
  createContext,
  type ReactNode,
  startTransition,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { Action, ActionKind } from '#server/contract/intent.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import type { EntityName, EntityOf } from '#server/contract/replica.ts';
import { whyNot, whyNotRole } from './api/can.ts';
import type { ApiClient } from './api/client.ts';
import type { Host } from './api/host.ts';
import { t } from './language/words.ts';
import type { ByIncident } from './replica/rows/apply.ts';
import { type Freshness, freshness } from './replica/feed/freshness.ts';
import type { Submitted, SubmitOptions } from './replica/outbox/outbox-runner.ts';
import type { Replica } from './replica/replica.ts';
import type { ReplicaNews, ReplicaState } from './replica/replica-state.ts';
import { rowKey, type Table } from './replica/rows/rows.ts';
import { useDeviceNow } from './time.ts';
import { useToasts } from './ui/toast.tsx';
import { type Back, inverseOf, placeOf, rememberDone } from './undo.ts';

export interface Me {
  id: string;
  name: string;
  login: string;
  role: PermissionRole;
  teamIds: readonly string[];
  organisationName: string;
}

export interface Session {
  me: Me;
  /** Origin of the server, without a slash at the end. */
  serverUrl: string;
  /** What the top bar calls it. */
  serverName: string;
  api: ApiClient;
  host: Host;
  replica: Replica;
  uuid: () => string;
  signOut: () => Promise<void>;
  /** Hears what the replica has to tell; the answer stops it. */
  onNews: (listener: (news: ReplicaNews) => void) => () => void;
}

/** Whether the sign-in has ended under a screen that goes on showing what it has; a try to take it up again. */
export const SignInState = createContext<{ ended: boolean; retry: () => void }>({
  ended: false,
  retry: () => undefined,
});

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of a SessionProvider');
  return session;
}

/** Calls that are not replicated: use with react-query, and say in the screen that they need the server. */
export function useApi(): ApiClient {
  return useSession().api;
}

export function useReplica<T>(selector: (state: ReplicaState) => T): T {
  return useStore(useSession().replica.store, selector);
}

/**
 * All rows of an entity. The wrapper is new whenever a row changed, so it serves as a memo's dependency.
 * Arrivals are drawn as a transition: a person's key press or click interrupts them and is answered first.
 */
export function useTable<N extends EntityName>(entity: N): Table<EntityOf<N>> {
  const { store } = useSession().replica;
  const [table, setTable] = useState(() => store.getState().tables[entity] as Table<EntityOf<N>>);
  useEffect(() => {
    const read = (): void => startTransition(() => setTable(store.getState().tables[entity] as Table<EntityOf<N>>));
    read();
    return store.subscribe((state, before) => {
      if (state.tables[entity] !== before.tables[entity]) read();
    });
  }, [store, entity]);
  return table;
}

/** Whether the tables that are drawn hold the whole copy: told in the same drawing as they, until then nothing is "none". */
export function useTablesWhole(): boolean {
  const { store } = useSession().replica;
  const [whole, setWhole] = useState(() => store.getState().whole);
  useEffect(() => {
    const read = (): void => startTransition(() => setWhole(store.getState().whole));
    read();
    return store.subscribe((state, before) => {
      if (state.whole !== before.whole) read();
    });
  }, [store]);
  return whole;
}

export function useEntity<N extends EntityName>(entity: N, id: string | null): EntityOf<N> | undefined {
  return useReplica((state) =>
    id === null ? undefined : (state.tables[entity].rows.get(id) as EntityOf<N> | undefined),
  );
}

/** Tells the replica when a redraw is on the screen. Stands once in the frame; its commit is that of all tables. */
export function RedrawPace() {
  const { replica } = useSession();
  const [tables, setTables] = useState(() => replica.store.getState().tables);
  useEffect(
    () =>
      replica.store.subscribe((state, before) => {
        if (state.tables !== before.tables) startTransition(() => setTables(state.tables));
      }),
    [replica],
  );
  useEffect(() => replica.drawn(tables), [replica, tables]);
  return null;
}

/** Tasks, timeline, alerts or the postmortem of one incident, in no order; read anew only when one of them changed. */
export function useOfIncident<N extends ByIncident>(entity: N, incidentId: string): EntityOf<N>[] {
  const { view, store } = useSession().replica;
  const [seen, setSeen] = useState(() => view.revisionOfIncident(entity, incidentId));
  useEffect(() => {
    const read = (): void => startTransition(() => setSeen(view.revisionOfIncident(entity, incidentId)));
    read();
    return store.subscribe((state, before) => {
      if (state.tables[entity] !== before.tables[entity]) read();
    });
  }, [view, store, entity, incidentId]);
  return useMemo(() => {
    const rows: EntityOf<N>[] = [];
    for (const id of seen < 0 ? [] : view.idsOfIncident(entity, incidentId)) {
      const row = view.visible(entity, id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }, [view, entity, incidentId, seen]);
}

/** Me, with the role as it is now: an administrator may have changed it since the sign-in. */
export function useMe(): Me {
  const { me } = useSession();
  const user = useEntity('user', me.id);
  return useMemo(
    () => (user === undefined ? me : { ...me, name: user.name, role: user.role, teamIds: user.teamIds }),
    [me, user],
  );
}

/** Name of a person by id; what is shown for somebody who is no longer there says so. */
export function useNameOf(): (userId: string | null) => string {
  const users = useTable('user');
  return useCallback(
    (userId) => (userId === null ? t`Nobody` : (users.rows.get(userId)?.name ?? t`Somebody`)),
    [users],
  );
}

export function useFreshness(): Freshness {
  const connection = useReplica((state) => state.connection);
  const now = useDeviceNow();
  return useMemo(() => freshness(connection, now), [connection, now]);
}

export function useReachable(): boolean {
  return useReplica((state) => state.connection.reachable);
}

/** Whether a queued action of mine changed this row: drawn dashed. */
export function useQueued(entity: EntityName, id: string): boolean {
  return useReplica((state) => state.queued.has(rowKey(entity, id)));
}

/** `can('incident.resolve', incident)` is null, or the reason why not. */
export function useCan(): (kind: ActionKind, incident?: Incident) => string | null {
  const { role } = useMe();
  const reachable = useReachable();
  return useCallback((kind, incident) => whyNot(kind, { role, reachable }, incident), [role, reachable]);
}

/** The same for procedures that are no intents. */
export function useCanRole(): (need: PermissionRole) => string | null {
  const { role } = useMe();
  const reachable = useReachable();
  return useCallback((need) => whyNotRole(need, { role, reachable }), [role, reachable]);
}

/**
 * Takes an action: kept on this machine first, then shown, then sent. A refusal is said in a toast as well. `back` is for
 * what cannot be turned round from the rows here alone.
 */
export function useSubmit(): (action: Action, options?: SubmitOptions, back?: Back | null) => Promise<Submitted> {
  const { replica } = useSession();
  const show = useToasts((state) => state.show);
  return useCallback(
    async (action, options, back = null) => {
      // What turns it round is made from what is there before it.
      const turned = back ?? { inverse: inverseOf(action, replica.view.visible) };
      const place = placeOf(action, replica.view.visible);
      const submitted = await replica.outbox.submit(action, options);
      if (submitted.ok && action.kind !== 'preference.set')
        rememberDone({ id: submitted.id, action, place, ...turned });
      if (!submitted.ok) show({ icon: 'refused', text: t`Refused, because ${submitted.reason}.` });
      return submitted;
    },
    [replica, show],
  );
}
