// Which documents name which. A document that is named cannot be deleted, and what is named has to exist.
import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import { allDocuments } from '#server/modules/config/paging-config.ts';
import type { PagingConfig, StoredDocument } from '#server/modules/config/state.ts';

export interface Reference {
  kind: ConfigKind | 'user' | 'team';
  id: string;
}

export function referencesOf(document: { kind: ConfigKind; draft: unknown }): Reference[] {
  const to = (kind: Reference['kind'], ids: readonly (string | null)[]): Reference[] =>
    ids.filter((id) => id !== null).map((id) => ({ kind, id }));
  switch (document.kind) {
    case 'schedule': {
      const draft = document.draft as DraftOf<'schedule'>;
      const people = draft.layers.flatMap((layer) => (layer.type === 'rotation' ? layer.participants.flat() : []));
      return [...to('team', [draft.teamId]), ...to('user', people)];
    }
    case 'override': {
      const draft = document.draft as DraftOf<'override'>;
      const people =
        draft.mode === 'temporary'
          ? draft.shifts.map((shift) => shift.userId)
          : [draft.userId, draft.mode === 'replace' ? draft.replacedUserId : null];
      return [...to('schedule', [draft.scheduleId]), ...to('user', people)];
    }
    case 'timeOff':
      return to('user', [(document.draft as DraftOf<'timeOff'>).userId]);
    case 'swap': {
      const draft = document.draft as DraftOf<'swap'>;
      return [...to('schedule', [draft.scheduleId]), ...to('user', [draft.fromUserId, draft.toUserId])];
    }
    case 'policy': {
      const draft = document.draft as DraftOf<'policy'>;
      const targets = draft.steps.flatMap((step) =>
        step.targets.map(({ type, id }): Reference => ({ kind: type, id })),
      );
      return [...to('team', [draft.teamId]), ...targets];
    }
    case 'route': {
      const draft = document.draft as DraftOf<'route'>;
      return [...to('policy', [draft.policyId]), ...to('channel', draft.channelIds)];
    }
    case 'responder': {
      const { contactMethods } = document.draft as DraftOf<'responder'>;
      return to(
        'channel',
        contactMethods.map((method) => method.channelId),
      );
    }
    case 'stakeholderList': {
      const draft = document.draft as DraftOf<'stakeholderList'>;
      return [...to('channel', [draft.channelId]), ...to('user', draft.userIds)];
    }
    case 'inhibition':
    case 'channel':
    case 'monitor':
      return [];
  }
}

/** What goes with a document when it goes. */
export function partsOf(config: PagingConfig, kind: ConfigKind, id: string): StoredDocument[] {
  if (kind !== 'schedule') return [];
  const parts = [...config.list('override').items, ...config.list('swap').items] as unknown as StoredDocument[];
  return parts.filter((document) => (document.draft as DraftOf<'override'>).scheduleId === id);
}

/** Those that name it, by kind and name, but its own parts: "the policy payments-critical". */
export function referrersOf(
  config: PagingConfig,
  kind: ConfigKind,
  id: string,
  nameOf: (document: StoredDocument) => string,
): string[] {
  const parts = new Set(partsOf(config, kind, id));
  return allDocuments(config)
    .filter((document) => !parts.has(document))
    .filter((document) => referencesOf(document).some((reference) => reference.kind === kind && reference.id === id))
    .map((document) => `the ${kindWords[document.kind]} ${nameOf(document)}`);
}

export const kindWords: Record<ConfigKind | 'user' | 'team', string> = {
  schedule: 'schedule',
  override: 'override',
  timeOff: 'time off',
  swap: 'swap',
  policy: 'policy',
  route: 'route',
  inhibition: 'inhibition',
  channel: 'channel',
  monitor: 'heartbeat',
  responder: 'profile of',
  stakeholderList: 'stakeholder list',
  user: 'person',
  team: 'team',
};

/** Its own name, or that of whom or what it is about. */
export function documentName(
  document: { kind: ConfigKind; id: string; draft: unknown },
  config: PagingConfig,
  people: { users: ReadonlyMap<string, { name: string }> },
): string {
  const person = (id: string) => people.users.get(id)?.name ?? 'somebody who is gone';
  const schedule = (id: string) => config.get('schedule', id)?.draft.name ?? 'a schedule that is gone';
  switch (document.kind) {
    case 'responder':
      return person(document.id);
    case 'timeOff': {
      const draft = document.draft as DraftOf<'timeOff'>;
      return `${person(draft.userId)} from ${draft.startsAt}`;
    }
    case 'override': {
      const draft = document.draft as DraftOf<'override'>;
      return `${draft.mode} on ${schedule(draft.scheduleId)} from ${draft.startsAt}`;
    }
    case 'swap': {
      const draft = document.draft as DraftOf<'swap'>;
      return `${person(draft.fromUserId)} on ${schedule(draft.scheduleId)} from ${draft.give.startsAt}`;
    }
    default:
      return (document.draft as { name: string }).name;
  }
}
