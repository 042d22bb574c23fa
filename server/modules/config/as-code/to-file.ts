// Documents as the file has them: the same shape for the export and for telling what a plan changes.
import type { DraftOf } from '#server/contract/config.ts';
import type { Target } from '#server/contract/policy.ts';
import type { Layer } from '#server/contract/schedule.ts';
import { weekdays } from '#server/modules/config/as-code/format.ts';
import type { People } from '#server/modules/config/changes.ts';
import type { PagingConfig, StateOf, StoredDocument } from '#server/modules/config/state.ts';

export interface Names {
  config: PagingConfig;
  people: People;
}

/** Never a secret: of each that is set, that it stays. */
export function documentInFile(document: StoredDocument, names: Names): Record<string, unknown> {
  const login = (id: string) => names.people.users.get(id)?.login ?? id;
  const team = (id: string | null) => (id === null ? null : (names.people.teams.get(id)?.name ?? id));
  const named = (kind: 'schedule' | 'policy' | 'channel', id: string) => names.config.get(kind, id)?.draft.name ?? id;
  const channel = (id: string) => named('channel', id);

  switch (document.kind) {
    case 'schedule': {
      const draft = document.draft as DraftOf<'schedule'>;
      return {
        description: draft.description,
        team: team(draft.teamId),
        timeZone: draft.timeZone,
        layers: draft.layers.map((layer) => layerInFile(layer, login)),
      };
    }
    case 'policy': {
      const draft = document.draft as DraftOf<'policy'>;
      const target = ({ type, id }: Target) => ({
        [type]: type === 'user' ? login(id) : type === 'team' ? team(id) : named(type, id),
      });
      return {
        description: draft.description,
        team: team(draft.teamId),
        steps: draft.steps.map((step) => ({
          targets: step.targets.map(target),
          roundRobin: step.roundRobin,
          delayMinutes: step.delayMinutes,
          severities: step.when.severities,
          hours: step.when.hours,
          priority: step.priority,
        })),
        repeat: draft.repeat,
        acknowledgementsNeeded: draft.acknowledgementsNeeded,
        pageAgain: draft.pageAgain,
        workingHours:
          draft.workingHours === null
            ? null
            : { ...draft.workingHours, days: draft.workingHours.days.map((day) => weekdays[day - 1]) },
      };
    }
    case 'route': {
      const draft = document.draft as DraftOf<'route'>;
      const state = document.state as StateOf<'route'>;
      return {
        name: draft.name,
        ...(state.builtIn ? {} : { enabled: draft.enabled, condition: draft.condition }),
        policy: draft.policyId === null ? null : named('policy', draft.policyId),
        priority: draft.priority,
        channels: draft.channelIds.map(channel),
        service: draft.service,
        holdSeconds: draft.holdSeconds,
      };
    }
    case 'inhibition': {
      const { name: _name, ...rest } = document.draft as DraftOf<'inhibition'>;
      return rest;
    }
    case 'monitor': {
      const { name: _name, ...rest } = document.draft as DraftOf<'monitor'>;
      return rest;
    }
    case 'channel': {
      const { kind, enabled, settings } = document.draft as DraftOf<'channel'>;
      const { secretNames } = document.state as StateOf<'channel'>;
      return {
        kind,
        enabled,
        settings,
        secrets: Object.fromEntries(secretNames.map((name) => [name, { keep: true }])),
      };
    }
    case 'responder': {
      const draft = document.draft as DraftOf<'responder'>;
      const label = methodLabels(draft.contactMethods);
      const rules = (list: DraftOf<'responder'>['rules']['default']) =>
        list.map((rule) => ({ method: label.get(rule.methodId) ?? rule.methodId, delayMinutes: rule.delayMinutes }));
      return {
        timeZone: draft.timeZone,
        methods: draft.contactMethods.map((method) => ({
          kind: method.kind,
          address: method.address,
          label: method.label,
          channel: method.channelId === null ? null : channel(method.channelId),
          enabled: method.enabled,
        })),
        rules: { default: rules(draft.rules.default), important: rules(draft.rules.important) },
        quietHours: draft.quietHours,
        doNotDisturb: draft.doNotDisturb,
      };
    }
    case 'override': {
      const draft = document.draft as DraftOf<'override'>;
      const { startsAt, endsAt, reason, mode } = draft;
      const base = { schedule: named('schedule', draft.scheduleId), mode, startsAt, endsAt };
      if (draft.mode === 'temporary') {
        const shifts = draft.shifts.map((shift) => ({
          user: login(shift.userId),
          startsAt: shift.startsAt,
          endsAt: shift.endsAt,
        }));
        return { ...base, shifts, reason };
      }
      const replaces =
        draft.mode === 'replace' ? { replaces: draft.replacedUserId && login(draft.replacedUserId) } : {};
      return { ...base, user: login(draft.userId), ...replaces, reason };
    }
    case 'timeOff': {
      const { userId, startsAt, endsAt, reason } = document.draft as DraftOf<'timeOff'>;
      return { user: login(userId), startsAt, endsAt, reason };
    }
    case 'stakeholderList': {
      const { description, channelId, userIds, addresses } = document.draft as DraftOf<'stakeholderList'>;
      return { description, channel: channel(channelId), people: userIds.map(login), addresses };
    }
    case 'swap':
      return {};
  }
}

/** The whole configuration as a file. What is over, and swaps between two people, are not in it. */
export function configInFile({ config, people }: Names, at: string): Record<string, unknown> {
  const names = { config, people };
  const inFile = (document: unknown) => documentInFile(document as StoredDocument, names);
  const byName = (kind: 'channel' | 'schedule' | 'policy' | 'inhibition' | 'monitor' | 'stakeholderList') =>
    Object.fromEntries(
      config
        .list(kind)
        .items.map((document): [string, object] => [document.draft.name, inFile(document)])
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  const ahead = (kind: 'override' | 'timeOff') =>
    config
      .list(kind)
      .items.filter((document) => document.draft.endsAt > at)
      .toSorted((a, b) => (a.draft.startsAt < b.draft.startsAt ? -1 : 1))
      .map(inFile);
  const responders = config
    .list('responder')
    .items.filter((document) => people.users.has(document.id))
    .map((document): [string, object] => [people.users.get(document.id)?.login ?? '', inFile(document)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const routes = config.list('route').items;
  const catchAll = routes.find((route) => route.state.builtIn);
  return {
    people: Object.fromEntries(responders),
    channels: byName('channel'),
    schedules: byName('schedule'),
    policies: byName('policy'),
    routes: routes.filter((route) => !route.state.builtIn).map(inFile),
    ...(catchAll === undefined ? {} : { catchAll: inFile(catchAll) }),
    inhibitions: byName('inhibition'),
    monitors: byName('monitor'),
    stakeholders: byName('stakeholderList'),
    overrides: ahead('override'),
    timeOff: ahead('timeOff'),
  };
}

function layerInFile(layer: Layer, login: (id: string) => string): Record<string, unknown> {
  const { name, priority } = layer;
  if (layer.type === 'calendar') return { name, priority, calendar: layer.url };
  return {
    name,
    priority,
    timeZone: layer.timeZone,
    rotation: layer.rotation,
    participants: layer.participants.map((slot) => (slot.length === 1 ? login(slot[0] ?? '') : slot.map(login))),
    restrictions: layer.restrictions.map(({ days, from, to }) => ({
      days: days.map((day) => weekdays[day - 1]),
      from,
      to,
    })),
    endsOn: layer.endsOn,
  };
}

type MethodLike = { id: string; kind: string; address: string; label: string };

/** How a rule names each method: by the shortest that no other method answers to. */
export function methodLabels(methods: readonly MethodLike[]): Map<string, string> {
  const answering = (name: string) => methods.filter((method) => answersTo(method, name));
  return new Map(
    methods.map((method, place) => {
      const candidates = [method.label, method.kind, `${method.kind} ${method.address}`].filter((name) => name !== '');
      const own = candidates.find((name) => answering(name).length === 1);
      return [method.id, own ?? `#${place + 1}`];
    }),
  );
}

export function answersTo(method: MethodLike, name: string): boolean {
  return name === method.label || name === method.kind || name === `${method.kind} ${method.address}`;
}
