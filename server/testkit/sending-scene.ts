// Pages on a real PostgreSQL, sent through fake channels by one or more senders joined as the composition root joins them.
import type { ChannelDraft, ChannelKind, ContactKind } from '#server/contract/channel.ts';
import type { ConfigKind } from '#server/contract/config.ts';
import type { ContactMethodDraft } from '#server/contract/responder.ts';
import type { Database } from '#server/database/pool.ts';
import type { DocumentList, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { lockEscalations } from '#server/modules/escalation/store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createTraces } from '#server/modules/ledger/trace.ts';
import type { OutgoingMessage, SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import { createReceipts } from '#server/modules/notify/settling/receipts.ts';
import type { AnyChannelType } from '#server/modules/notify/registry.ts';
import { createSender, type SenderDeps } from '#server/modules/notify/sending/sender.ts';
import type { PagingMode } from '#server/modules/notify/sending/upkeep.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';
import { decisions } from '#server/paging/decisions.ts';
import { anIncident } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

export type SendingScene = ReturnType<typeof createSendingScene>;
export type FakeSend = (
  message: OutgoingMessage,
  channelId: string,
  context: SendContext<unknown>,
) => Promise<SendResult> | SendResult;

export const accepted: SendResult = { outcome: 'accepted', ref: null, arrived: true, response: 'ok' };
export function refused(change: Partial<Extract<SendResult, { outcome: 'failed' }>> = {}): SendResult {
  return {
    outcome: 'failed',
    permanent: false,
    retryAfterMs: null,
    reason: 'answered 500',
    response: 'boom',
    ...change,
  };
}

/** A way of a page: `after` ms from now it is due. */
export interface Way {
  via: ContactKind | ChannelKind;
  channelId?: string | null;
  address?: string;
  after?: number;
}

interface Profile {
  methods: ContactMethodDraft[];
  unverified: Set<string>;
  doNotDisturb: { until: string; importantPass: boolean } | null;
}

export function createSendingScene(given: { database: Database; clock: Clock; random: Random }) {
  const { clock, random } = given;
  const channels = new Map<
    string,
    { draft: ChannelDraft; send: FakeSend; update: FakeSend | null; arrives: boolean }
  >();
  const kinds = new Map<ChannelKind, AnyChannelType>();
  const state = {
    mode: 'live' as PagingMode,
    /** Whether due times and the clock are of one mind. */
    agrees: true,
    /** How often that was asked while they were not. */
    inVain: 0,
    connected: [] as string[],
    exhausted: [] as number[],
    /** Steps of which do-not-disturb holds everybody. */
    steppedOver: [] as number[],
    noted: [] as string[],
  };
  /** By person: the profile with every way that a page of this scene was planned with, verified. */
  const profiles = new Map<string, Profile>();
  const logger = createMemoryLogger();
  const iso = (ms = clock.now()) => new Date(ms).toISOString();
  let numbers = 0;

  const config: PagingConfig = {
    revision: 1,
    list: <K extends ConfigKind>(kind: K) => {
      const items =
        kind === 'channel'
          ? [...channels].map(([id, { draft }]) => channelDocument(id, draft))
          : kind === 'responder'
            ? [...profiles.keys()].map(profileDocument)
            : [];
      return { $documents: `${kind}@1`, items } as unknown as DocumentList<K>;
    },
    get: <K extends ConfigKind>(kind: K, id: string) => {
      if (kind === 'responder') return profileDocument(id) as unknown as StoredDocument<K> | null;
      const channel = kind === 'channel' ? channels.get(id) : undefined;
      return channel === undefined ? null : (channelDocument(id, channel.draft) as unknown as StoredDocument<K>);
    },
  };

  const newTrace = createTraces({ decisions, newId: random.uuid });

  function depsOf(database: Database) {
    return {
      database,
      types: kinds,
      config: { current: () => Promise.resolve(config) },
      secrets: { open: () => Promise.resolve({ token: 'secret-token-1' }) },
      links: { linkFor: () => Promise.resolve('https://tocsin.test/p/abc') },
      outgoing: {} as SenderDeps['outgoing'],
      publicUrl: () => 'https://tocsin.test',
      newTrace,
      ledger: ledgerStore,
      incidents: incidentStore,
      people: peopleStore,
      lockPaging: lockEscalations,
      roomOpened: async () => {},
      hold: decisions.hold,
      inhibited: () => Promise.resolve(new Map<string, never>()),
      stepExhausted: (_tx: unknown, _at: string, step: { step: number }) => {
        state.exhausted.push(step.step);
        return Promise.resolve();
      },
      stepHeld: (_tx: unknown, _at: string, step: { step: number }) => {
        state.steppedOver.push(step.step);
        return Promise.resolve(true);
      },
      wake: { on: () => () => {}, signal: () => {} },
      mode: () => state.mode,
      agrees: () => {
        if (!state.agrees) state.inVain += 1;
        return Promise.resolve(state.agrees);
      },
      connectedUsers: () => state.connected,
      noteChannel: (channelId: string, note: { error: string | null }) => {
        state.noted.push(`${channelId} ${note.error ?? 'fine'}`);
        return Promise.resolve();
      },
      clock,
      random,
      logger,
    };
  }

  return {
    state,
    logger,
    config,
    newTrace,
    profiles,

    /** A channel of that kind whose provider is this function. */
    channel(
      kind: ChannelKind,
      send: FakeSend,
      options: { pace?: AnyChannelType['pace']; update?: FakeSend; enabled?: boolean } = {},
    ): string {
      const id = random.uuid();
      const draft: ChannelDraft = {
        name: `${kind} ${id.slice(-4)}`,
        kind,
        enabled: options.enabled ?? true,
        settings: {},
        secrets: {},
      };
      channels.set(id, { draft, send, update: options.update ?? null, arrives: true });
      const type = {
        info: { kind } as AnyChannelType['info'],
        settings: { safeParse: () => ({ success: true, data: {} }) } as unknown as AnyChannelType['settings'],
        pace: options.pace ?? { perSecond: 10_000, burst: 10_000 },
        addresses: () => [],
        send: async (context: SendContext<unknown>, message: OutgoingMessage) =>
          channels.get(context.channelId)!.send(message, context.channelId, context),
        ...(options.update === undefined
          ? {}
          : {
              update: async (context: SendContext<unknown>, _ref: string, message: OutgoingMessage) =>
                channels.get(context.channelId)!.update!(message, context.channelId, context),
            }),
      };
      kinds.set(kind, type);
      return id;
    },

    sender: (change: Partial<SenderDeps> = {}, database = given.database) =>
      createSender({ ...depsOf(database), ...change }),
    receipts: () => createReceipts(depsOf(given.database)),

    async incident(change: Partial<IncidentState> = {}): Promise<IncidentState> {
      numbers += 1;
      const incident = anIncident({ id: random.uuid(), number: numbers, services: ['checkout'], ...change });
      await given.database.withTransaction((tx) => incidentStore.save(tx, iso(), [incident]));
      return incident;
    },

    /** As it is saved now, for what happens after a save. */
    profile: (userId: string) => structuredClone(profileDocument(userId)) as unknown as StoredDocument<'responder'>,

    async person(name: string): Promise<string> {
      const id = random.uuid();
      await given.database.withTransaction((tx) =>
        peopleStore.insertUser(tx, { id, login: id, name, role: 'responder', at: iso() }),
      );
      return id;
    },

    /** Writes a page to a person (or a channel) with its intent rows, as an escalation does; answers their ids. */
    async page(
      incidentId: string,
      target: { userId: string } | { channelId: string },
      ways: readonly Way[],
      change: Partial<PageState> = {},
    ): Promise<{ pageId: string; ids: string[] }> {
      const [made] = await this.pages([{ incidentId, target, ways, change }]);
      return made!;
    },

    async pages(
      wanted: readonly {
        incidentId: string;
        target: { userId: string } | { channelId: string };
        ways: readonly Way[];
        change?: Partial<PageState>;
      }[],
      database = given.database,
    ): Promise<{ pageId: string; ids: string[] }[]> {
      return database.withTransaction(async (tx) => {
        const taken = await pageStore.nextNumbers(tx, wanted.length);
        const made = wanted.map(({ incidentId, target, ways, change }, i) => {
          const page: PageState = {
            id: random.uuid(),
            version: 1,
            number: taken[i]!,
            incidentId,
            userId: 'userId' in target ? target.userId : null,
            channelId: 'channelId' in target ? target.channelId : null,
            policyId: random.uuid(),
            run: 1,
            step: 0,
            loop: 0,
            priority: 'important',
            reason: 'step 1',
            at: iso(),
            late: false,
            status: 'open',
            endedAt: null,
            endedBy: null,
            audience: null,
            ...change,
          };
          return { page, notifications: ways.map((way, place) => notificationOf(page, way, place)) };
        });
        await pageStore.add(
          tx,
          iso(),
          made.map(({ page }) => page),
          made.flatMap(({ notifications }) => notifications),
        );
        return made.map(({ page, notifications }) => ({ pageId: page.id, ids: notifications.map((one) => one.id) }));
      });
    },

    async notification(id: string) {
      const [row] = await given.database.query<{
        status: string;
        attempts: number;
        dueAt: string;
        plannedAt: string;
        lastError: string | null;
        bundledInto: string | null;
        deliveredAt: string | null;
      }>(
        `SELECT status, attempts, due_at AS "dueAt", planned_at AS "plannedAt", last_error AS "lastError",
           bundled_into AS "bundledInto", delivered_at AS "deliveredAt" FROM notification WHERE id = $1`,
        [id],
      );
      return row!;
    },

    ledger: (kind: string) =>
      given.database.query<{ title: string; detail: string; input: string }>(
        'SELECT title, detail, input FROM ledger WHERE kind = $1 ORDER BY sequence',
        [kind],
      ),

    acknowledge: (incidentId: string, database = given.database) =>
      database.withTransaction((tx) =>
        pageStore.end(tx, iso(), [incidentId], { status: 'acknowledged', by: 'Ada', userIds: null }),
      ),
  };

  function profileDocument(id: string) {
    const profile = profiles.get(id);
    if (profile === undefined) return null;
    const proven = profile.methods.filter((method) => !profile.unverified.has(method.id));
    const at = '2026-01-01T00:00:00.000Z';
    return {
      $document: `responder/${id}@1`,
      kind: 'responder',
      id,
      draft: { contactMethods: profile.methods, doNotDisturb: profile.doNotDisturb },
      state: { verified: Object.fromEntries(proven.map(({ id: one, address }) => [one, { at, address }])) },
    };
  }

  function notificationOf(page: PageState, way: Way, place: number): NotificationState {
    const dueAt = iso(clock.now() + (way.after ?? 0));
    const person = page.userId !== null;
    const methodId = person && way.via !== 'desktop' ? random.uuid() : null;
    const address = way.address ?? page.userId ?? page.channelId ?? '';
    if (methodId !== null && page.userId !== null) {
      const profile = profiles.get(page.userId) ?? { methods: [], unverified: new Set(), doNotDisturb: null };
      const kind = way.via as ContactKind;
      profile.methods.push({ id: methodId, kind, address, label: '', channelId: null, enabled: true });
      profiles.set(page.userId, profile);
    }
    return {
      id: random.uuid(),
      pageId: page.id,
      incidentId: page.incidentId,
      userId: page.userId,
      methodId,
      channelId: way.channelId ?? (person ? null : page.channelId),
      via: way.via,
      address,
      label: `${way.via} to somebody`,
      priority: page.priority,
      place,
      plannedAt: dueAt,
      dueAt,
      status: 'pending',
      attempts: 0,
      firstTriedAt: null,
      sentAt: null,
      deliveredAt: null,
      lastError: null,
      providerRef: null,
      bundledInto: null,
      claimToken: 0,
      messageId: null,
    };
  }
}

function channelDocument(id: string, draft: ChannelDraft): StoredDocument<'channel'> {
  return {
    $document: `channel/${id}@1`,
    kind: 'channel',
    id,
    version: 1,
    bodyVersion: 1,
    draft,
    state: { secretNames: [], lastSentAt: null, lastError: null },
    findings: [],
    origin: 'ui',
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: null,
  };
}
